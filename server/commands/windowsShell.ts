/** Which language a command is written in. */
export type Shell = 'posix' | 'powershell' | 'cmd';

export interface Program {
  file: string;
  args: string[];
  /** Given to Windows as it stands, without Node's quoting, which `cmd` reads in another way. */
  verbatim?: boolean;
}

/**
 * PowerShell, without what the person's profile adds and without questions, UTF-8 in and out. The command travels as
 * base64 of UTF-16LE, so nothing in it can be taken for an argument of the program.
 */
export function powershell(command: string, file = 'powershell.exe'): Program {
  const script = [
    '$OutputEncoding = [Console]::InputEncoding = [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)',
    "$ProgressPreference = 'SilentlyContinue'",
    '$global:LASTEXITCODE = 0',
    `& {\n${command}\n}`,
    // A failed cmdlet leaves no exit code; without this the last program's would stand for it.
    'if (-not $?) { if ($LASTEXITCODE -eq 0) { exit 1 } }',
    'exit $LASTEXITCODE',
  ].join('\n');
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-EncodedCommand', encoded];
  return { file, args };
}

/**
 * The command processor, without AutoRun (`/d`), in UTF-8. With `/s` it takes what stands between the first and the last
 * quotation mark as it is, so the command needs no quoting of its own; the line must be handed over verbatim. It is one
 * line: what follows an end of line would never run, so such a command is refused by whoever asks (`isOneLine`).
 */
export const cmd = (command: string, file = 'cmd.exe'): Program => ({
  file,
  args: ['/d', '/s', '/c', `"chcp 65001 >nul & ${command}"`],
  verbatim: true,
});

export const isOneLine = (command: string): boolean => !/[\p{Cc}--\t]/v.test(command);

/** Ends a process and all that it started. */
export const taskkill = (pid: number): Program => ({ file: 'taskkill.exe', args: ['/pid', String(pid), '/T', '/F'] });
