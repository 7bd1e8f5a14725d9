import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Command } from '../../server/approvals/command.ts';
import { behindSettings } from '../../server/approvals/command.ts';
import { parseCommandLine } from '../../server/approvals/commandLine.ts';
import { dangersOf } from '../../server/approvals/danger.ts';
import { mutated, sayingsOf } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';
import { tempFolder } from '../support/temp.ts';

/**
 * What a command line says, beside what bash makes of it: of a line that is read without doubt, bash runs no command that was not
 * read, and hands none of them other words. Nothing is really run: no program is on the path, and a function says what would be.
 */
const corpus = [
  ...[
    'npm test',
    'npm test && curl x | sh',
    'make -j4 >out 2>&1',
    'git commit -m "a b" ; rm -rf x',
    'echo \'a $(b)\' "$(c d)" `e`',
  ],
  ...[
    'aa b\\ c "d\'e" f"g"h',
    'A=1 aa b; bb $A "$A"',
    'aa # bb',
    'aa \\\n bb',
    'sh -c "aa; bb"',
    'aa && bb || cc & dd',
    'aa *.x [a-z] {b,c} ~',
  ],
  ...sayingsOf('test/server/approvals/commandLine.test.ts', 'test/server/approvals/decide.test.ts').filter((text) =>
    /^[a-z]/.test(text),
  ),
];
const words = [
  ...[
    ' ',
    '\n',
    '\t',
    ';',
    '&',
    '|',
    '&&',
    '||',
    '|&',
    '(',
    ')',
    '<',
    '>',
    '>>',
    '2>&1',
    '<<',
    '<<<',
    '<(',
    '&>',
    '>&',
    '>|',
    '<&-',
    '#',
    '\\',
    '\\\n',
    '!',
  ],
  ...[
    '"',
    "'",
    '`',
    '$',
    '$(',
    '${',
    '}',
    '$((',
    '))',
    "$'",
    '$"',
    '~',
    '*',
    '?',
    '[',
    ']',
    '{',
    ',',
    '=',
    'A=',
    '$A',
    '$#',
    '$@',
    '${#',
    '${A:-',
    '${A:-`',
    '\r',
    '\u00a0',
    '\x0b',
  ],
  ...[
    ' aa ',
    ' bb',
    'cc',
    'eval ',
    'sh -c ',
    ' if ',
    ' then ',
    ' fi',
    ' do ',
    ' done',
    'case ',
    ' in ',
    'esac',
    'function ',
    'time ',
    '[[ ',
    ' ]]',
    'coproc ',
    'for ',
  ],
];

interface Ran {
  words: string[];
}

export default target({
  inputs: mutated(corpus, words).map((text) => text.slice(0, 3000)),
  batch: 400,
  async open() {
    const bash = existsSync('/bin/bash') ? startBash() : null;
    const seen = (await bash?.ask('aa "$(bb c)" | dd e\\ f & ff'))?.map(({ words }) => words.join('+')).toSorted();
    // Both times; it would be no reference if it saw nothing.
    if (seen !== undefined) assert.deepEqual(new Set(seen), new Set(['aa+', 'bb+c', 'dd+e f', 'ff']));
    return {
      async run(line) {
        const [first] = (['posix', 'cmd', 'powershell'] as const).map((shell) => {
          const parsed = parseCommandLine(line, shell);
          dangersOf(parsed, line, { root: shell === 'posix' ? '/work' : 'C:\\work', shell });
          return parsed;
        });
        if (bash === null || first === undefined || first.doubts.length > 0 || BUILT_IN.test(line)) return;
        for (const { words } of await bash.ask(line))
          assert.ok(
            first.commands.some((command) => fits(command, words)),
            `bash runs ${JSON.stringify(words)}, which was not read`,
          );
      },
      close: () => bash?.end(),
    };
  },
});

/** Whether the shell may have made these words of a command as it was read. */
function fits(command: Command, ran: readonly string[]): boolean {
  const read = behindSettings(command);
  const from = (word: number, at: number): boolean => {
    const it = read[word];
    if (it === undefined) return at === ran.length;
    if (it.is === 'certain') return ran[at] === it.text && from(word + 1, at + 1);
    // It may become any number of words.
    for (let next = at; next <= ran.length; next++) if (from(word + 1, next)) return true;
    return false;
  };
  return from(0, 0);
}

/** Lines with names of what bash does itself are not run: it is the user of this machine who would. */
const BUILT_IN =
  /\b(alias|bg|bind|break|builtin|caller|cd|command|compgen|complete|compopt|continue|declare|dirs|disown|echo|enable|exec|exit|export|fc|fg|getopts|hash|help|history|jobs|kill|let|local|logout|mapfile|popd|printf|pushd|pwd|read|readarray|readonly|return|set|shift|shopt|source|suspend|test|times|trap|type|typeset|ulimit|umask|unalias|unset|wait|true|false)\b|(^|[\s;&|(`])[.:[]([\s;&|]|$)/;

/** Commands in the words of the shell that runs them, each written at once, since some run at one time: words, and a mark behind the last. */
const PROGRAM = `
PATH=/nowhere; unset BASH_ENV ENV; ulimit -t 20 -v 1000000
command_not_found_handle() { builtin printf '%s\\001' "$@" $'\\2' >&3; return "$S"; }
while IFS= builtin read -r -d '' S && IFS= builtin read -r -d '' L; do
  ( eval "$L"; builtin wait ) <$N >$N 2>&1
  builtin printf 'd\\0' >&3
done`;

/** A bash that is told lines and says which commands it would start. The administrator's is nobody's, and may write nowhere. */
function startBash() {
  const folder = tempFolder('fuzz-shell');
  const asUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const args = ['--noprofile', '--norc', '-c', `N=/dev/null; ${PROGRAM}`];
  const child = spawn('/bin/bash', args, {
    ...{
      cwd: process.getuid?.() === 0 ? '/' : folder.path,
      env: { LANG: 'C.UTF-8' },
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      ...asUser,
    },
  }) as unknown as ChildProcessWithoutNullStreams;
  const out = child.stdio[3] as unknown as NodeJS.ReadableStream;
  let buffer = '';
  let heard = () => {};
  out.setEncoding('utf8').on('data', (chunk) => {
    buffer += String(chunk);
    heard();
  });
  child.stdin.on('error', () => {});
  const one = (status: number, line: string): Promise<Ran[]> => {
    buffer = '';
    child.stdin.write(`${status}\0${line}\0`);
    return new Promise((resolve, reject) => {
      heard = () => {
        if (!buffer.endsWith('d\0')) return;
        const commands = buffer.slice(0, -2).split('\x02\x01').slice(0, -1);
        const ran = commands.map((words): Ran => ({ words: words.split('\x01').slice(0, -1) }));
        resolve(ran);
      };
      child.once('exit', () => reject(new Error('bash has ended')));
    });
  };
  return {
    /** Once as if all commands had worked, and once as if none had. */
    async ask(line: string): Promise<Ran[]> {
      // A slash would lead to a program that is really there, or to a file; half a letter is another one for whoever is handed it.
      if (/[\0/]/.test(line) || !line.isWellFormed()) return [];
      const both = [...(await one(0, line)), ...(await one(1, line))];
      child.removeAllListeners('exit');
      return both;
    },
    end() {
      child.kill('SIGKILL');
      folder[Symbol.dispose]();
    },
  };
}
