import type { Command, CommandLine, Shell, Word } from './command.ts';

/** Words that begin something else than a program when they stand where one would. */
const RESERVED: Record<'cmd' | 'powershell', ReadonlySet<string>> = {
  cmd: new Set(['for', 'if', 'else', 'goto', 'call', 'start', 'cmd']),
  powershell: new Set(
    'if else elseif for foreach while do switch function filter try catch finally trap param begin process end class using data return throw iex invoke-expression invoke-command start-process powershell pwsh cmd'.split(
      ' ',
    ),
  ),
};
const OPERATOR = { cmd: /^(&&|\|\||[&|\n])/, powershell: /^(&&|\|\||[;|\n])/ };
/** Signs after which nobody knows without the shell itself what is meant. */
const UNCLEAR = { cmd: /[()^@]/, powershell: /[(){}@`[\]&]/ };
const VARIABLE = { cmd: /[%!]/, powershell: /[$]/ };

/** Reads what `cmd` or PowerShell would, as far as that is plain: see `parseCommandLine`. */
export function parseWindows(line: string, shell: Exclude<Shell, 'posix'>): CommandLine {
  const commands: Command[] = [];
  const doubts = new Set<string>();
  let words: Word[] = [];
  let redirects: string[] = [];
  let piped = false;
  let owed = false;
  let at = 0;

  const end = (operator: string) => {
    const [program] = words;
    if (program === undefined && (owed || (operator !== '\n' && operator !== '')))
      doubts.add('Its operators do not fit.');
    if (program) {
      commands.push({ words, redirects, piped, inner: false });
      if (program.is !== 'certain') doubts.add('The program is known only when it runs.');
      const name = program.text.toLowerCase();
      if (RESERVED[shell].has(name.replace(/\.exe$/, ''))) doubts.add(`It is a script: it has the word ${name}.`);
      // A dot at the beginning runs a script in the shell itself.
      if (name === '.') doubts.add('It is a script.');
    }
    if (program || operator !== '\n') {
      piped = operator === '|';
      owed = ['|', '&&', '||'].includes(operator);
    }
    [words, redirects] = [[], []];
  };

  const word = (): Word => {
    let text = '';
    let is: Word['is'] = 'certain';
    for (; at < line.length; at++) {
      const letter = line[at] ?? '';
      if (/[\s|<>]/.test(letter) || OPERATOR[shell].test(letter)) break;
      const quotes = shell === 'cmd' ? '"' : '"\'';
      if (quotes.includes(letter)) {
        const close = line.indexOf(letter, at + 1);
        const inside = line.slice(at + 1, close < 0 ? line.length : close);
        // Two of them are one in PowerShell, and anything at all in cmd.
        if (close < 0 || line[close + 1] === letter) doubts.add('Its quotation marks are not plain.');
        if (letter === '"' && VARIABLE[shell].test(inside)) is = 'unknown';
        if (letter === '"' && (shell === 'cmd' ? /\^/ : /[`(]/).test(inside))
          doubts.add('Its quotation marks are not plain.');
        text += inside;
        at = close < 0 ? line.length : close;
        continue;
      }
      if (UNCLEAR[shell].test(letter)) doubts.add(`What ${letter} means is for the shell to say.`);
      if (VARIABLE[shell].test(letter)) is = 'unknown';
      else if (/[*?]/.test(letter) && is === 'certain') is = 'pattern';
      text += letter;
    }
    if (text === '--%' && shell === 'powershell') doubts.add('What --% means is for the shell to say.');
    return { text, is };
  };

  while (at < line.length) {
    const letter = line[at] ?? '';
    if (/[ \t]/.test(letter)) at++;
    else if (letter === '#' && shell === 'powershell') {
      const close = line.indexOf('\n', at);
      at = close < 0 ? line.length : close;
    } else if (letter === '<' || letter === '>') {
      const [operator = letter] = /^(>>|<|>&\d|>)/.exec(line.slice(at)) ?? [];
      at += operator.length;
      if (/^[\d*]$/.test(words.at(-1)?.text ?? '') && /[\d*]/.test(line[at - operator.length - 1] ?? '')) words.pop();
      while (line[at] === ' ') at++;
      const target = operator.startsWith('>&') ? '' : word().text;
      if (target !== '' && !/^(nul|\$null)$/i.test(target)) redirects.push(target);
    } else {
      const [operator] = OPERATOR[shell].exec(line.slice(at)) ?? [];
      if (operator) {
        at += operator.length;
        end(operator);
      } else if (/\s/.test(letter)) at++;
      else words.push(word());
    }
  }
  end('');
  return { commands, doubts: [...doubts] };
}
