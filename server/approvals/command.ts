/** Whose words a command line is in. `posix` is `sh` and everything that reads the same. */
export type Shell = 'posix' | 'cmd' | 'powershell';

export interface Word {
  readonly text: string;
  /** `certain`: the program is handed exactly this. `pattern`: names of files that fit. `unknown`: whatever the shell makes of it. */
  readonly is: 'certain' | 'pattern' | 'unknown';
}

/** One program with its words, as the shell would start it. */
export interface Command {
  /** Settings of the environment come first, as in `CI=1 npm test`. */
  readonly words: readonly Word[];
  /** Files that it reads or writes by redirection. */
  readonly redirects: readonly string[];
  /** It reads what another command of the line writes. */
  readonly piped: boolean;
  /** Another command of the line runs it, such as `sh -c`: that one's words are the ones that count. */
  readonly inner: boolean;
}

/** What a command line runs. With `doubts` it may run other things besides, and nobody may take it for allowed. */
export interface CommandLine {
  readonly commands: readonly Command[];
  /** Each a sentence. */
  readonly doubts: readonly string[];
}

/** The name of a program without its folder, as in `/bin/rm` or `C:\Windows\format.com`. */
export const programName = (word: string): string =>
  (word.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.(exe|com|cmd|bat|ps1|sh)$/, '');

export const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;

/** A command's words behind the settings of its environment. */
export const behindSettings = ({ words }: Command): readonly Word[] => {
  const first = words.findIndex(({ text }) => !ASSIGNMENT.test(text));
  return first < 0 ? [] : words.slice(first);
};
