/**
 * What each shell is told once: to ask `ospain2 complete` at the cursor. That prints a line for each value, with what it is behind a tab,
 * and `:files` where names of files fit.
 */
const bash = `# bash completion for ospain2, 3.2 or newer.   source <(ospain2 completion bash)
_ospain2() {
  local line value files=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=1; continue; fi
    printf -v value %q "\${line%%$'\\t'*}"
    COMPREPLY+=("$value")
  done < <(ospain2 complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [[ -n $files ]]; then compopt -o default 2>/dev/null; fi
}
complete -F _ospain2 ospain2
`;

const zsh = `#compdef ospain2
# zsh completion for ospain2.   source <(ospain2 completion zsh), or a file _ospain2 in a folder of fpath
_ospain2() {
  local line files
  local -a found
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=1; continue; fi
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(ospain2 complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( $#found )) && _describe ospain2 found
  [[ -n $files ]] && _files
  return 0
}
if [[ "\${funcstack[1]}" == _ospain2 ]]; then _ospain2 "$@"; else compdef _ospain2 ospain2; fi
`;

const fish = `# fish completion for ospain2.   ospain2 completion fish > ~/.config/fish/completions/ospain2.fish
function __ospain2_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in (ospain2 complete -- $words[2..-1] "$current" 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path "$current"
    else
      echo $line
    end
  end
end
complete -c ospain2 -f -a '(__ospain2_complete)'
`;

// Windows PowerShell drops an empty argument of a program, so that is said by an option.
const powershell = `# PowerShell completion for ospain2.   ospain2 completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ospain2 -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -le $cursorPosition } | ForEach-Object { $_.ToString() })
  $empty = @(if ($wordToComplete -eq '') { '--empty' })
  ospain2 complete @empty -- @words 2>$null | Where-Object { $_ -ne ':files' } | ForEach-Object {
    $value, $text = $_ -split "\`t", 2
    if (-not $text) { $text = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $text)
  }
}
`;

export const completionScripts = { bash, zsh, fish, powershell };
