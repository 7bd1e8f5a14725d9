import { ASSIGNMENT, type Command, type CommandLine, programName, type Word } from './command.ts';

/** Words that begin something else than a program when they stand where one would. */
const RESERVED = new Set(
  'if then elif else fi for while until do done case esac select function in time coproc { } [[ ]] !'.split(' '),
);
const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'fish']);
/** Command lines inside of command lines. */
const MAX_DEPTH = 5;

/** Reads what `sh` would: see `parseCommandLine`. */
export function parsePosix(line: string, depth = 0): CommandLine {
  const commands: Command[] = [];
  const doubts = new Set<string>();
  let at = 0;
  let words: Word[] = [];
  let redirects: string[] = [];
  let piped = false;
  /** An operator stands before what comes next, so something has to. */
  let owed = false;

  const doubt = (why: string) => void doubts.add(why);
  const nest = (text: string, inner: boolean) => {
    if (depth >= MAX_DEPTH) return doubt('It holds command lines within command lines.');
    const nested = parsePosix(text, depth + 1);
    for (const why of nested.doubts) doubt(why);
    commands.push(...nested.commands.map((command) => ({ ...command, inner: inner || command.inner })));
  };

  const end = (operator: string) => {
    const empty = words.length === 0 && redirects.length === 0;
    if (empty && (owed || (operator !== '\n' && operator !== ''))) doubt('Its operators do not fit.');
    if (!empty) {
      commands.push({ words, redirects, piped, inner: false });
      lookInside(words);
    }
    if (!empty || operator !== '\n') {
      piped = operator === '|' || operator === '|&';
      owed = ['|', '|&', '&&', '||'].includes(operator);
    }
    [words, redirects] = [[], []];
  };

  /** A program whose words are command lines themselves. */
  const lookInside = (all: readonly Word[]) => {
    const first = all.findIndex(({ text }) => !ASSIGNMENT.test(text));
    const program = all[first];
    if (program === undefined) return;
    if (program.is !== 'certain') return doubt('The program is known only when it runs.');
    if (RESERVED.has(program.text)) doubt(`It is a script: it has the word ${program.text}.`);
    // From behind: many shells before one script are one script, which is read once.
    let option = -1;
    let read = -1;
    for (const [index, { text }] of [...all.entries()].reverse()) {
      if (/^-[a-z]*c[a-z]*$/i.test(text)) option = index;
      if (!SHELLS.has(programName(text)) || option < 0 || option === read) continue;
      read = option;
      const script = all[option + 1];
      if (script?.is === 'certain') nest(script.text, true);
      else if (script) doubt('The command line of a shell is known only when it runs.');
    }
    if (programName(program.text) === 'eval')
      nest(
        all
          .slice(first + 1)
          .map(({ text }) => text)
          .join(' '),
        true,
      );
  };

  /** Text between `$(` or a back-tick and its end; `at` is behind the end then. Undefined when it has none. */
  const substitution = (): string | undefined => {
    const start = at;
    if (line[at - 1] === '`') {
      for (; at < line.length && line[at] !== '`'; at++) if (line[at] === '\\') at++;
      return at < line.length ? line.slice(start, at++).replace(/\\([`$\\])/g, '$1') : undefined;
    }
    let open = 1;
    for (let quote = ''; at < line.length; at++) {
      const letter = line[at] ?? '';
      if (quote !== '') {
        if (letter === quote) quote = '';
        else if (letter === '\\' && quote === '"') at++;
        // What is in the quotes of a command within a command, others have lost their way in too.
        else if (letter === '$' && line[at + 1] === '(') return undefined;
      } else if (letter === '\\') at++;
      else if (letter === "'" || letter === '"') quote = letter;
      else if (letter === '#' || line.startsWith('case', at)) return undefined;
      else if (letter === '(') open++;
      else if (letter === ')' && --open === 0) return line.slice(start, at++);
    }
    return undefined;
  };

  /** What follows a `$`; `at` is behind it then. */
  const expansion = (): string => {
    const start = at - 1;
    if (line[at] === '(' && line[at + 1] !== '(') {
      at++;
      const inside = substitution();
      if (inside === undefined) {
        doubt('It holds a command whose end is unclear.');
        at = line.length;
      } else nest(inside, false);
    } else if (line[at] === '{') {
      const close = line.indexOf('}', at);
      const inside = line.slice(at + 1, close < 0 ? line.length : close);
      if (!/^#?[A-Za-z0-9_]+(:?[-+=?#%/^,]+[\w./ -]*)?$/.test(inside)) doubt('It holds an expression of the shell.');
      at = close < 0 ? line.length : close + 1;
    } else if (line[at] === '(' || line[at] === "'" || line[at] === '"' || line[at] === '[') {
      doubt('It holds an expression of the shell.');
    } else at += /^([A-Za-z_]\w*|[0-9?$!#@*-])/.exec(line.slice(at))?.[0].length ?? 0;
    return line.slice(start, at);
  };

  /** A word from here; undefined when none begins here. */
  const word = (): Word | undefined => {
    let text = '';
    let is: Word['is'] = 'certain';
    let any = false;
    const unsure = (how: Word['is']) => {
      if (is !== 'unknown') is = how;
    };
    for (; at < line.length; any = true) {
      const letter = line[at] ?? '';
      if (/[\s;&|<>()]/.test(letter)) break;
      at++;
      if (letter === "'") {
        const close = line.indexOf("'", at);
        if (close < 0) doubt('A quotation mark is not closed.');
        text += line.slice(at, close < 0 ? line.length : close);
        at = close < 0 ? line.length : close + 1;
      } else if (letter === '"') {
        for (; at < line.length && line[at] !== '"'; ) {
          const inside = line[at++] ?? '';
          if (inside === '\\' && /[$`"\\\n]/.test(line[at] ?? '')) text += line[at++] === '\n' ? '' : line[at - 1];
          else if (inside === '$' || inside === '`') {
            text += special(inside);
            unsure('unknown');
          } else text += inside;
        }
        if (at >= line.length) doubt('A quotation mark is not closed.');
        at++;
      } else if (letter === '\\') {
        if (at >= line.length) doubt('It ends in the middle of a word.');
        if (line[at] !== '\n') text += line[at] ?? '';
        at++;
      } else if (letter === '$' || letter === '`') {
        text += special(letter);
        unsure('unknown');
      } else {
        if (/[*?[]/.test(letter)) unsure('pattern');
        else if (letter === '{' || letter === '}' || (letter === '~' && !any)) unsure('unknown');
        text += letter;
      }
    }
    return any ? { text, is } : undefined;
  };

  const special = (letter: string): string => {
    if (letter === '$') return expansion();
    const inside = substitution();
    if (inside === undefined) {
      doubt('It holds a command whose end is unclear.');
      at = line.length;
    } else nest(inside, false);
    return '`…`';
  };

  const redirect = () => {
    const [operator = ''] = /^(<<<|<<-?|<>|<&|<|>>|>\||>&|>)/.exec(line.slice(at)) ?? [];
    at += operator.length;
    // A number in front of it is no word.
    if (/\d/.test(line[at - operator.length - 1] ?? '') && /^\d+$/.test(words.at(-1)?.text ?? '')) words.pop();
    if (operator.startsWith('<<')) return doubt('It holds a text for a program to read.');
    if (line[at] === '(') return doubt('It holds a command whose output is a file.');
    // What comes directly behind `<&-` is a word of the command to bash, and a part of the redirection to others.
    if (operator.endsWith('&') && /^-[^\s;&|<>()]/.test(line.slice(at, at + 2))) doubt('A redirection leads nowhere.');
    while (line[at] === ' ' || line[at] === '\t') at++;
    const target = word();
    if (target === undefined) return doubt('A redirection leads nowhere.');
    if (operator.endsWith('&') && /^(\d+|-)$/.test(target.text)) return;
    if (target.is !== 'certain' || target.text !== '/dev/null') redirects.push(target.text);
  };

  while (at < line.length) {
    const letter = line[at] ?? '';
    if (letter === ' ' || letter === '\t') at++;
    else if (letter === '\\' && line[at + 1] === '\n') at += 2;
    else if (letter === '\r') {
      doubt('It holds characters that cannot be seen.');
      at++;
    } else if (letter === '#') {
      const close = line.indexOf('\n', at);
      at = close < 0 ? line.length : close;
    } else if (letter === '(' || letter === ')') {
      doubt('It holds a group or a function.');
      end(';');
      [owed, at] = [false, at + 1];
    } else if (letter === '<' || letter === '>') redirect();
    else if (letter === '&' && line[at + 1] === '>') {
      at++;
      redirect();
    } else if (/[;&|\n]/.test(letter)) {
      const [operator = letter] = /^(;;|&&|\|\||\|&|[;&|\n])/.exec(line.slice(at)) ?? [];
      if (operator === ';;') doubt('It is a script: it has the sign ;;.');
      at += operator.length;
      end(operator);
    } else {
      const next = word();
      if (next) words.push(next);
      // Some other white space, which no shell takes for any.
      else at++;
    }
  }
  end('');
  return { commands, doubts: [...doubts] };
}
