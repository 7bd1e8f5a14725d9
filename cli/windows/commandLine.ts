/**
 * Arguments as one command line that a program of Windows takes apart into the same ones again.
 * Source: Microsoft, "Parsing C command-line arguments": backslashes count only before a double quote.
 */
export const commandLine = (args: readonly string[]): string => args.map(quoted).join(' ');

const quoted = (arg: string): string =>
  /^[^\s"]+$/.test(arg) ? arg : `"${arg.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;

/** The arguments of a command line. */
export function argumentsOf(line: string): string[] {
  const args: string[] = [];
  let arg = '';
  let isQuoted = false;
  let isOpen = false;
  for (let at = 0; at < line.length; at++) {
    const [run = ''] = /^\\*/.exec(line.slice(at)) ?? [];
    const next = line[at + run.length];
    const halved = next === '"' ? run.slice(0, run.length / 2) : run;
    arg += halved;
    at += run.length;
    if (run !== '') isOpen = true;
    if (next === '"' && run.length % 2 === 1) arg += '"';
    else if (next === '"') {
      isQuoted = !isQuoted;
      isOpen = true;
    } else if (next !== undefined && !isQuoted && /[ \t]/.test(next)) {
      if (isOpen) args.push(arg);
      arg = '';
      isOpen = false;
    } else if (next !== undefined) {
      arg += next;
      isOpen = true;
    }
  }
  return isOpen ? [...args, arg] : args;
}
