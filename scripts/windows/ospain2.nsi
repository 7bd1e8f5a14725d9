; Setup of OSPAiN2 for Windows: for one person, without an administrator. Compiled by scripts/windows/setupProgram.ts, which
; defines VERSION, VERSION_WORDS, OUT, PARTS (a folder), NEEDED_BYTES, LONGEST, and QUICK for a trial.
;   /S               without questions        /D=DIR              where to, the last argument and without quotes
;   /AUTOSTART[="DIR"] a server of a folder at each log-in
; The uninstaller: /S, and /REMOVEDATA for tasks, notes, models and keys, which stay otherwise.
; Both write what they did to %TEMP%\ospain2-setup.log, and end with 2 where they could not do it.

Unicode true
Target amd64-unicode
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user
SetDateSave off
!ifdef QUICK
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include x64.nsh
!include WinVer.nsh

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\OSPAiN2"
!define OWN_KEY "Software\OSPAiN2"
!define RUNTIME_ADDRESS "https://aka.ms/vs/17/release/vc_redist.x64.exe"

Name "OSPAiN2"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\OSPAiN2"
InstallDirRegKey HKCU "${OWN_KEY}" "InstallDir"
BrandingText "OSPAiN2 ${VERSION}"
VIProductVersion "${VERSION_WORDS}"
VIFileVersion "${VERSION_WORDS}"
!macro VersionText LANGUAGE
  VIAddVersionKey /LANG=${LANGUAGE} ProductName "OSPAiN2"
  VIAddVersionKey /LANG=${LANGUAGE} FileDescription "OSPAiN2 Setup"
  VIAddVersionKey /LANG=${LANGUAGE} CompanyName "OSPAiN2"
  VIAddVersionKey /LANG=${LANGUAGE} LegalCopyright "MIT"
  VIAddVersionKey /LANG=${LANGUAGE} ProductVersion "${VERSION}"
  VIAddVersionKey /LANG=${LANGUAGE} FileVersion "${VERSION}"
!macroend

!define MUI_ICON "${PARTS}/ospain2.ico"
!define MUI_UNICON "${PARTS}/ospain2.ico"
!define MUI_ABORTWARNING
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${PARTS}/LICENSE.txt"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro VersionText 1033
!insertmacro VersionText 1031
!insertmacro VersionText 2052
!include texts.nsh

!ifdef SIGN
  !uninstfinalize '${SIGN} "%1"' = 0
!endif

Var Log
; The folder that is served at log-in; empty for none.
Var AutoStart
; The folder that the Start menu opens.
Var Home

!macro Say TEXT
  DetailPrint "${TEXT}"
  FileWriteUTF16LE $Log "${TEXT}$\r$\n"
!macroend
!define Say "!insertmacro Say"

; Says why it ends, and ends.
!macro Fail TEXT
  ${Say} "${TEXT}"
  MessageBox MB_OK|MB_ICONSTOP "${TEXT}" /SD IDOK
  SetErrorLevel 2
  Abort
!macroend
!define Fail "!insertmacro Fail"

; Runs SCRIPT by the Node of the installation; its exit code is in $0, and what it said in $1 and in the log.
!macro Node SCRIPT ARGUMENTS
  InitPluginsDir
  Delete "$PLUGINSDIR\said.txt"
  nsExec::Exec '"$INSTDIR\node\node.exe" "${SCRIPT}" "$PLUGINSDIR\said.txt" ${ARGUMENTS}'
  Pop $0
  Call ${UN}ReadSaid
  ${Say} "$1"
!macroend
!define Node "!insertmacro Node"
!define UN ""

!macro Common WHO
Function ${WHO}OpenLog
  FileOpen $Log "$TEMP\ospain2-setup.log" w
  FileWriteUTF16LE /BOM $Log "OSPAiN2 ${VERSION}$\r$\n"
FunctionEnd

; One Setup or uninstaller at a time.
Function ${WHO}Alone
  System::Call 'kernel32::CreateMutexW(p 0, i 0, w "OSPAiN2-Setup") p .r0 ?e'
  Pop $0
  ${If} $0 = 183
    ${Fail} "$(alone)"
  ${EndIf}
FunctionEnd

; What setup.mjs said, in $1.
Function ${WHO}ReadSaid
  StrCpy $1 "setup.mjs: $0"
  ${If} ${FileExists} "$PLUGINSDIR\said.txt"
    FileOpen $2 "$PLUGINSDIR\said.txt" r
    FileReadUTF16LE $2 $1
    FileClose $2
  ${EndIf}
FunctionEnd

; Ends every process but this one whose program lies below $INSTDIR: Windows replaces no file of a program that runs.
Function ${WHO}EndPrograms
  GetFullPathName $9 $INSTDIR
  StrCpy $9 "$9\"
  StrLen $8 $9
  System::Call 'kernel32::GetCurrentProcessId() i .r7'
  System::Alloc 65536
  Pop $0
  System::Call 'kernel32::K32EnumProcesses(p r0, i 65536, *i .r1)'
  IntOp $1 $1 / 4
  StrCpy $2 0
  StrCpy $6 $0
  ${DoWhile} $2 < $1
    System::Call '*$6(i .r3)'
    ; SYNCHRONIZE, PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_TERMINATE
    System::Call 'kernel32::OpenProcess(i 0x101001, i 0, i r3) p .r4'
    ${If} $4 P<> 0
      System::Call 'kernel32::QueryFullProcessImageNameW(p r4, i 0, w .r5, *i ${NSIS_MAX_STRLEN})'
      StrCpy $R0 $5 $8
      ${If} $R0 == $9
      ${AndIf} $3 <> $7
        ${Say} "$(ends) $5 ($3)"
        System::Call 'kernel32::TerminateProcess(p r4, i 1)'
        System::Call 'kernel32::WaitForSingleObject(p r4, i 5000)'
      ${EndIf}
      System::Call 'kernel32::CloseHandle(p r4)'
    ${EndIf}
    IntPtrOp $6 $6 + 4
    IntOp $2 $2 + 1
  ${Loop}
  System::Free $0
FunctionEnd
!macroend
!insertmacro Common ""
!insertmacro Common "un."

Function .onInit
  Call OpenLog
  Call Alone
  ${IfNot} ${AtLeastWin10}
    ${Fail} "$(system)"
  ${EndIf}
  StrCpy $Home "$PROFILE\OSPAiN2"
  StrCpy $AutoStart ""
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/AUTOSTART" $1
  ${IfNot} ${Errors}
    StrCpy $AutoStart $Home
    StrCpy $2 $1 1
    ${If} $2 == "="
      StrCpy $AutoStart $1 "" 1
      StrCpy $2 $AutoStart 1
      ${If} $2 == '"'
        StrCpy $AutoStart $AutoStart -1 1
      ${EndIf}
    ${EndIf}
    SectionSetFlags 1 1
  ${EndIf}
FunctionEnd

Section "OSPAiN2" Product
  SectionIn RO
  ; One Path, one Run key, one data folder: two of it would be in each other's way.
  ReadRegStr $0 HKCU "${OWN_KEY}" "InstallDir"
  ${If} $0 != ""
  ${AndIf} $0 != $INSTDIR
  ${AndIf} ${FileExists} "$0\Uninstall.exe"
    ${Fail} "$(elsewhere) $0"
  ${EndIf}
  ClearErrors
  CreateDirectory "$INSTDIR"
  ${If} ${Errors}
    ${Fail} "$(unwritable) $INSTDIR"
  ${EndIf}
  ; NSIS knows no path of more than 259 characters.
  StrLen $0 $INSTDIR
  IntOp $0 $0 + ${LONGEST}
  ${If} $0 > 258
    RMDir "$INSTDIR"
    ${Fail} "$(long) $INSTDIR"
  ${EndIf}
  System::Call 'kernel32::GetDiskFreeSpaceExW(w "$INSTDIR", *l .r0, p 0, p 0)'
  System::Int64Op $0 < ${NEEDED_BYTES}
  Pop $1
  ${If} $1 = 1
    RMDir "$INSTDIR"
    ${Fail} "$(full) $INSTDIR"
  ${EndIf}

  InitPluginsDir
  SetOutPath "$PLUGINSDIR"
  File "${PARTS}/setup.mjs"
  ${If} ${FileExists} "$INSTDIR\node\node.exe"
    ${Node} "$PLUGINSDIR\setup.mjs" 'leave "$PLUGINSDIR\serving.json" "$INSTDIR"'
    CopyFiles /SILENT "$INSTDIR\files.txt" "$PLUGINSDIR\before.txt"
  ${EndIf}
  Call EndPrograms

  ClearErrors
  SetOverwrite try
  !include "${PARTS}/install.nsh"
  WriteUninstaller "$INSTDIR\Uninstall.exe"
  ${If} ${Errors}
    ${Fail} "$(unwritable) $INSTDIR"
  ${EndIf}
  ${Node} "$INSTDIR\setup.mjs" 'tidy "$PLUGINSDIR\before.txt" "$INSTDIR\files.txt" "$INSTDIR"'

  ${Node} "$INSTDIR\setup.mjs" 'path-add "$INSTDIR\bin"'
  ${If} $0 != 0
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(path) $INSTDIR\bin" /SD IDOK
  ${EndIf}
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=2000

  WriteRegStr HKCU "${OWN_KEY}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "OSPAiN2"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\ospain2.ico"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "OSPAiN2"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${NEEDED_KILOBYTES}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1

  CreateDirectory "$Home"
  CreateDirectory "$SMPROGRAMS\OSPAiN2"
  SetOutPath "$Home"
  CreateShortCut "$SMPROGRAMS\OSPAiN2\OSPAiN2 Hub.lnk" "$INSTDIR\bin\ospain2.cmd" '--workspace "$Home" hub --open' "$INSTDIR\ospain2.ico"
  CreateShortCut "$SMPROGRAMS\OSPAiN2\OSPAiN2 Command Line.lnk" "$SYSDIR\cmd.exe" '/k ""$INSTDIR\bin\ospain2.cmd" --help"' "$INSTDIR\ospain2.ico"
  ; Or this folder could not be removed later.
  SetOutPath "$INSTDIR"

  ${Node} "$INSTDIR\setup.mjs" 'return "$PLUGINSDIR\serving.json"'
SectionEnd

Section /o "$(autostartName)" AtLogin
  ${If} $AutoStart == ""
    StrCpy $AutoStart $Home
  ${EndIf}
  CreateDirectory "$AutoStart"
  ${Node} "$INSTDIR\setup.mjs" 'ospain2 "$INSTDIR\app\dist\cli.js" --workspace "$AutoStart" service install'
  ${If} $0 != 0
    MessageBox MB_OK|MB_ICONEXCLAMATION "$1" /SD IDOK
  ${EndIf}
SectionEnd

; Without these libraries of Microsoft's everything works but models and the keyring.
Section "-runtime"
  ${IfNot} ${FileExists} "$SYSDIR\vcruntime140.dll"
  ${OrIfNot} ${FileExists} "$SYSDIR\vcruntime140_1.dll"
  ${OrIfNot} ${FileExists} "$SYSDIR\msvcp140.dll"
    ${Say} "$(runtime) ${RUNTIME_ADDRESS}"
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(runtime)$\r$\n${RUNTIME_ADDRESS}" /SD IDOK
  ${EndIf}
  FileClose $Log
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${Product} "$(productText)"
  !insertmacro MUI_DESCRIPTION_TEXT ${AtLogin} "$(autostartText)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

!undef UN
!define UN "un."

Function un.onInit
  Call un.OpenLog
  Call un.Alone
FunctionEnd

Section "Uninstall"
  ; Whoever has put this program somewhere else must not lose what is there.
  ${IfNot} ${FileExists} "$INSTDIR\files.txt"
    ${Fail} "$(unwritable) $INSTDIR"
  ${EndIf}
  ${Node} "$INSTDIR\setup.mjs" 'ospain2 "$INSTDIR\app\dist\cli.js" service remove --all'
  ${Node} "$INSTDIR\setup.mjs" 'leave "$INSTDIR\serving.json" "$INSTDIR"'
  Delete "$INSTDIR\serving.json"
  Call un.EndPrograms
  ; As Setup wrote it: this program may have been started by another path to the same folder.
  ReadRegStr $R0 HKCU "${OWN_KEY}" "InstallDir"
  ${If} $R0 == ""
    StrCpy $R0 $INSTDIR
  ${EndIf}
  ${Node} "$INSTDIR\setup.mjs" 'path-remove "$R0\bin"'
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=2000

  StrCpy $R2 ""
  ${GetParameters} $R1
  ClearErrors
  ${GetOptions} $R1 "/REMOVEDATA" $R3
  ${IfNot} ${Errors}
    StrCpy $R2 "yes"
  ${ElseIfNot} ${Silent}
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(removeData)" IDNO +2
    StrCpy $R2 "yes"
  ${EndIf}
  ${If} $R2 == "yes"
    ${Node} "$INSTDIR\setup.mjs" 'forget "$INSTDIR\app\dist\keyring.js"'
    ${If} $0 != 0
      MessageBox MB_OK|MB_ICONEXCLAMATION "$1" /SD IDOK
      SetErrorLevel 2
    ${EndIf}
  ${EndIf}

  ; File by file: the folder may be one that holds other things, too.
  !include "${PARTS}/uninstall.nsh"
  Delete "$INSTDIR\Uninstall.exe"
  Delete "$SMPROGRAMS\OSPAiN2\OSPAiN2 Hub.lnk"
  Delete "$SMPROGRAMS\OSPAiN2\OSPAiN2 Command Line.lnk"
  RMDir "$SMPROGRAMS\OSPAiN2"
  SetOutPath "$TEMP"
  RMDir "$INSTDIR"
  ; Only where nothing is in it.
  RMDir "$PROFILE\OSPAiN2"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  DeleteRegKey HKCU "${OWN_KEY}"
  FileClose $Log
SectionEnd
