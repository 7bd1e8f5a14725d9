import type { CommandLine, Shell } from './command.ts';
import { parsePosix } from './posix.ts';
import { parseWindows } from './windows.ts';

/** Longer lines are asked about as they are. Characters. */
const MAX_LINE = 10_000;

/**
 * Reads a command line as far as that is beyond doubt: better a doubt too much than a command too little. Never throws.
 * Sources: POSIX.1-2017 Shell Command Language; `cmd /?`; PowerShell's about_Parsing and about_Operators.
 */
export function parseCommandLine(line: string, shell: Shell): CommandLine {
  if (line.length > MAX_LINE) return { commands: [], doubts: ['It is longer than what can be looked through.'] };
  // What cannot be seen, or turns what is seen around, is not what the person would agree to.
  const hidden = /[\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}|(?![\t\n])\p{Cc}/u.test(line);
  const parsed = shell === 'posix' ? parsePosix(line) : parseWindows(line, shell);
  return hidden ? { ...parsed, doubts: [...parsed.doubts, 'It holds characters that cannot be seen.'] } : parsed;
}
