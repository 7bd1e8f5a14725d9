import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cmd, isOneLine, powershell, taskkill } from '../../../server/commands/windowsShell.ts';

const HOSTILE = [
  'echo "a b"',
  "echo 'x'; Remove-Item *",
  'type "C:\\Program Files\\a b\\%PATH%.txt" & echo ^& done',
  '$(calc.exe) `n "@" \'@\'',
  'echo ünïcode 漢字 😀',
  'a" & calc & "b',
  '-EncodedCommand evil',
];

/** What PowerShell would run. */
function decoded(args: readonly string[]): string {
  assert.equal(args.at(-2), '-EncodedCommand');
  return Buffer.from(args.at(-1) ?? '', 'base64').toString('utf16le');
}

test('PowerShell gets a command as one word without a letter that means anything', () => {
  for (const command of [...HOSTILE, 'one\ntwo']) {
    const { file, args, verbatim } = powershell(command);
    assert.equal(file, 'powershell.exe');
    assert.equal(verbatim, undefined);
    assert.deepEqual(args.slice(0, 5), ['-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass']);
    assert.match(args.at(-1) ?? '', /^[A-Za-z0-9+/=]+$/);
    const script = decoded(args);
    assert.ok(script.includes(`& {\n${command}\n}`));
    assert.match(script, /^\$OutputEncoding = \[Console\]::InputEncoding = \[Console\]::OutputEncoding = /);
    assert.match(script, /exit \$LASTEXITCODE$/);
  }
});

test('cmd gets a command as it stands, between quotation marks that it takes off', () => {
  for (const command of HOSTILE) {
    const { file, args, verbatim } = cmd(command);
    assert.equal(file, 'cmd.exe');
    assert.equal(verbatim, true);
    assert.deepEqual(args.slice(0, 3), ['/d', '/s', '/c']);
    // With /s the first and the last quotation mark go, and nothing between them is looked at.
    assert.equal(args[3]?.slice(1, -1), `chcp 65001 >nul & ${command}`);
    assert.match(args[3] ?? '', /^".*"$/s);
  }
});

test('what cmd would run only the beginning of is not one line', () => {
  assert.ok(HOSTILE.every(isOneLine));
  assert.ok(isOneLine('a\tb'));
  for (const command of ['a\nb', 'a\r\nb', 'a\rb', 'a\0b', 'a\x1ab']) assert.ok(!isOneLine(command));
});

test('a tree of processes is ended as one', () => {
  assert.deepEqual(taskkill(42), { file: 'taskkill.exe', args: ['/pid', '42', '/T', '/F'] });
});
