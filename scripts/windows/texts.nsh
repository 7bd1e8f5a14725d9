; What Setup says itself, in the languages of the product.

!macro Text NAME ENGLISH GERMAN CHINESE
  LangString ${NAME} ${LANG_ENGLISH} "${ENGLISH}"
  LangString ${NAME} ${LANG_GERMAN} "${GERMAN}"
  LangString ${NAME} ${LANG_SIMPCHINESE} "${CHINESE}"
!macroend
!define Text "!insertmacro Text"

${Text} alone "Setup of OSPAiN2 runs already." "Das Setup von OSPAiN2 läuft bereits." "OSPAiN2 安装程序已在运行。"
${Text} system "OSPAiN2 needs Windows 10 or later." "OSPAiN2 braucht Windows 10 oder neuer." "OSPAiN2 需要 Windows 10 或更高版本。"
${Text} elsewhere "OSPAiN2 is in another folder already. Uninstall it first, your data stays:" "OSPAiN2 ist schon in einem anderen Ordner. Deinstallieren Sie es zuerst, Ihre Daten bleiben:" "OSPAiN2 已安装在其他文件夹中。请先卸载，数据会保留："
${Text} ends "Ending" "Beende" "正在结束"
${Text} unwritable "Not everything could be written. Close what uses this folder, or choose another:" "Nicht alles konnte geschrieben werden. Schließen Sie, was diesen Ordner benutzt, oder wählen Sie einen anderen:" "部分文件无法写入。请关闭占用此文件夹的程序，或选择其他文件夹："
${Text} long "The path of this folder is too long:" "Der Pfad dieses Ordners ist zu lang:" "此文件夹的路径过长："
${Text} full "There is too little room on the disk of this folder:" "Auf dem Datenträger dieses Ordners ist zu wenig Platz:" "此文件夹所在磁盘空间不足："
${Text} path "Path could not be changed. Add this folder to it yourself:" "Path konnte nicht geändert werden. Fügen Sie diesen Ordner selbst hinzu:" "无法修改 Path。请手动添加此文件夹："
${Text} runtime "The Microsoft Visual C++ Redistributable 2015-2022 (x64) is missing. Until it is installed, models cannot run, and keys are kept in files instead of the Credential Manager. It is here:" "Das Microsoft Visual C++ Redistributable 2015-2022 (x64) fehlt. Bis es installiert ist, laufen keine Modelle, und Schlüssel liegen in Dateien statt in der Anmeldeinformationsverwaltung. Es ist hier:" "缺少 Microsoft Visual C++ Redistributable 2015-2022 (x64)。安装之前无法运行模型，密钥将保存在文件中而非凭据管理器中。下载地址："
${Text} autostartName "Start at log-in" "Bei der Anmeldung starten" "登录时启动"
${Text} autostartText "Keeps a server running for the folder OSPAiN2 in your profile." "Hält einen Server für den Ordner OSPAiN2 in Ihrem Profil bereit." "为您的用户目录中的 OSPAiN2 文件夹保持服务器运行。"
${Text} productText "The program, with its own Node.js." "Das Programm, mit eigenem Node.js." "程序本体，自带 Node.js。"
${Text} removeData "Remove your tasks, notes, models and the keys that open them, too? This cannot be undone." "Auch Ihre Aufgaben, Notizen, Modelle und deren Schlüssel entfernen? Das lässt sich nicht rückgängig machen." "是否同时删除您的任务、笔记、模型及其密钥？此操作无法撤销。"
