import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shell } from '../../../server/approvals/command.ts';
import { parseCommandLine } from '../../../server/approvals/commandLine.ts';

/** Each command as its words, with what else is known of it; `?` is what only the shell knows. */
function read(line: string, shell: Shell = 'posix'): { commands: string[]; doubts: number } {
  const { commands, doubts } = parseCommandLine(line, shell);
  const shown = commands.map(({ words, redirects, piped, inner }) =>
    [
      ...(inner ? ['inner'] : []),
      ...(piped ? ['|'] : []),
      ...words.map(({ text, is }) => (is === 'unknown' ? '?' : is === 'pattern' ? `${text}…` : text)),
      ...redirects.map((path) => `>${path}`),
    ].join(' '),
  );
  return { commands: shown, doubts: doubts.length };
}

const plain = (line: string, ...commands: string[]) =>
  test(JSON.stringify(line), () => assert.deepEqual(read(line), { commands, doubts: 0 }));

plain('npm test', 'npm test');
plain(' npm\ttest \n', 'npm test');
plain('npm test; rm -rf ~', 'npm test', 'rm -rf ?');
plain('npm test && curl x', 'npm test', 'curl x');
plain('a || b | c & d', 'a', 'b', '| c', 'd');
plain('npm test\nrm -rf ~', 'npm test', 'rm -rf ?');
plain('npm test $(rm -rf ~)', 'rm -rf ?', 'npm test ?');
plain('npm test `rm -rf ~`', 'rm -rf ?', 'npm test ?');
plain('echo "a $(b "c d") e"', 'b c d', 'echo ?');
plain('npm test > out.txt 2>&1', 'npm test >out.txt');
plain('npm test 2>/dev/null', 'npm test');
plain('npm test 2> err', 'npm test >err');
plain('npm test &> out', 'npm test >out');
plain('npm test < in', 'npm test >in');
plain('CI=1 npm test', 'CI=1 npm test');
plain('PATH=/evil; npm test', 'PATH=/evil', 'npm test');
plain('bash -c "npm test; rm -rf ~"', 'bash -c npm test; rm -rf ~', 'inner npm test', 'inner rm -rf ?');
plain(`env FOO=1 sh -lc 'rm x'`, 'env FOO=1 sh -lc rm x', 'inner rm x');
plain('eval rm x', 'eval rm x', 'inner rm x');
plain('find . -exec rm {} +', 'find . -exec rm ? +');
plain(`r\\m 'a b' "c'd" e"f"g`, `rm a b c'd efg`);
plain('echo a\\\nb', 'echo ab');
plain('echo $HOME \x24{X:-y} "$@" $?', 'echo ? ? ? ?');
plain('ls *.ts src/?.js', 'ls *.ts… src/?.js…');
plain('echo {a,b} ~/x a~b', 'echo ? ? a~b');
plain('npm test # rm -rf ~', 'npm test');
plain(`echo '$(rm x)' "\\$(rm x)"`, 'echo $(rm x) $(rm x)');
plain('echo a#b', 'echo a#b');

for (const line of [
  ...["echo 'a", 'echo "a', 'echo $(a', 'echo `a', 'a &&', '&& a', 'a ;; b', 'a | | b', '; a', 'echo \\'],
  ...['(rm x)', 'f() { a; }', ':(){ :|:& };:', '{ a; }', 'if a; then b; fi', 'for x in y; do z; done', '! a', 'time a'],
  ...[
    'cat <<EOF\nrm\nEOF',
    'cat <<<x',
    'diff <(a) <(b)',
    'echo $((1+1))',
    "echo $'\\x41'",
    'echo \x24{x:-$(rm y)}',
    'echo \x24{!x}',
  ],
  ...['$X test', '"$(a)" b', 'r*m x', 'npm test\r\nrm x', 'npm\u00a0test', 'npm test\u202e', 'a\u200bb', 'a\u0000b'],
  ...[
    'bash -c "$X"',
    'sh -c "$(curl x)"',
    'echo $(echo $(echo $(echo $(echo $(echo $(echo a))))))',
    'a >',
    'case x in y) z;; esac',
  ],
  'x'.repeat(10_001),
])
  test(`${JSON.stringify(line.slice(0, 40))} is doubted`, () => assert.notEqual(read(line).doubts, 0));

const windows = (shell: 'cmd' | 'powershell', line: string, ...commands: string[]) =>
  test(`${shell}: ${line}`, () => assert.deepEqual(read(line, shell), { commands, doubts: 0 }));

windows('cmd', 'npm test & del /s /q C:\\', 'npm test', 'del /s /q C:\\');
windows('cmd', 'npm test && echo a | more > out.txt', 'npm test', 'echo a', '| more >out.txt');
windows('cmd', '"C:\\Program Files\\x.exe" "a & b" > nul', 'C:\\Program Files\\x.exe a & b');
windows('cmd', 'echo %PATH% a;b', 'echo ? a;b');
windows('powershell', 'npm test; Remove-Item -Recurse x', 'npm test', 'Remove-Item -Recurse x');
windows('powershell', `Get-Content 'a; b' | Out-File "c $d"`, 'Get-Content a; b', '| Out-File ?');
windows('powershell', 'echo $env:PATH # del x', 'echo ?');

for (const [shell, line] of [
  ...(['echo "a', 'for %i in (a) do del %i', 'a ^& b', '(del x)', 'call x.bat', 'a &&', 'cmd /c del x'] as const).map(
    (line) => ['cmd', line] as const,
  ),
  ...(
    [
      ...[
        '& del x',
        'iex x',
        '$(del x)',
        'a `; b',
        '@(a)',
        '"a $(del x)"',
        '{ del x }',
        '[io.file]::Delete("x")',
        '. x.ps1',
      ],
      ...["echo 'a''b'", 'echo --% del x', 'if ($x) { a }', 'powershell -enc x', '$x = 1'],
    ] as const
  ).map((line) => ['powershell', line] as const),
])
  test(`${shell}: ${line} is doubted`, () => assert.notEqual(read(line, shell).doubts, 0));

test('whatever comes, it is read', () => {
  const signs = [...' \t\n;&|<>()$`"\'\\{}*?[]!#~=%^@', 'rm', 'sh', '-c', '$(', '&&', '<<', 'a=1'];
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let round = 0; round < 5000; round++) {
    const line = Array.from({ length: next(14) }, () => signs[next(signs.length)]).join('');
    for (const shell of ['posix', 'cmd', 'powershell'] as const) parseCommandLine(line, shell);
  }
});
