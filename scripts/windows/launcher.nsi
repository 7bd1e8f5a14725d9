; ospain2w.exe: the command line without a window, for what starts at log-in. Its arguments are those of ospain2.

Unicode true
Target amd64-unicode
ManifestSupportedOS Win10
RequestExecutionLevel user
SilentInstall silent
SetCompressor zlib
!include FileFunc.nsh

Name "OSPAiN2"
OutFile "${OUT}"
Icon "${PARTS}/ospain2.ico"
VIProductVersion "${VERSION_WORDS}"
VIAddVersionKey ProductName "OSPAiN2"
VIAddVersionKey FileDescription "OSPAiN2"
VIAddVersionKey CompanyName "OSPAiN2"
VIAddVersionKey LegalCopyright "MIT"
VIAddVersionKey FileVersion "${VERSION}"

Section
  ${GetParameters} $0
  StrCpy $1 '"$EXEDIR\node\node.exe" "$EXEDIR\app\dist\cli.js" $0'
  ; STARTUPINFOW, whose first word is its size, and PROCESS_INFORMATION
  System::Alloc 104
  Pop $2
  System::Call '*$2(i 104)'
  System::Alloc 24
  Pop $3
  ; CREATE_NO_WINDOW
  System::Call 'kernel32::CreateProcessW(p 0, w r1, p 0, p 0, i 0, i 0x08000000, p 0, w "$PROFILE", p r2, p r3) i .r4'
  StrCmp $4 0 0 +2
  SetErrorLevel 2
SectionEnd
