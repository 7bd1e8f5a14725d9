import type { Call } from '../../../server/agents/format.ts';
import { editCases } from './editCases.ts';
import { openToolBench } from './toolBench.ts';

export interface SuiteCase {
  name: string;
  path: string;
  /** The file on disk, byte for byte; null for none. */
  before: string | null;
  call: Call;
  /** The file as the task has it afterwards; null where the call has to be refused. */
  after: string | null;
  /** It is refused, though a person sees what was meant. */
  clear?: boolean;
}

const edit = (search: string, replace: string): Call['body'] => [{ search, replace }];
const inFile = (body: Call['body'], path = 'src/file.ts'): Call => ({ tool: 'edit_file', path, body });
const write = (path: string, ...lines: string[]): Call => ({ tool: 'write_file', path, body: lines.join('\n') });
const func = (path: string, name: string, ...lines: string[]): Call => ({
  tool: 'write_function',
  path,
  name,
  body: lines.join('\n'),
});

const fromLadder = editCases.map(
  ({ name, before, edits, want, clear }): SuiteCase => ({
    name,
    path: 'src/file.ts',
    before,
    call: inFile(edits),
    after: typeof want === 'string' ? null : want.after,
    ...(clear ? { clear } : {}),
  }),
);

const TS = 'src/file.ts';
const PY = 'src/file.py';
const CLASS = 'export class Box {\n\topen(): void {\n\t\tgo();\n\t}\n\n\tclose(): void {\n\t\tgo();\n\t}\n}\n';

/** What the ladder alone does not decide: whole functions, whole files, and texts that the tools have to take as they are. */
const ofTheTools: SuiteCase[] = [
  {
    name: 'whole function: one of two methods that look alike',
    path: TS,
    before: CLASS,
    call: func(TS, 'Box.close', 'close(): void {', '  stop();', '}'),
    after: CLASS.replace('close(): void {\n\t\tgo()', 'close(): void {\n\t\tstop()'),
  },
  {
    name: 'whole function: CRLF and a mark stay',
    path: TS,
    before: `\uFEFF${CLASS.replaceAll('\n', '\r\n')}`,
    call: func(TS, 'open', 'open(): void {', '  stop();', '}'),
    after: `\uFEFF${CLASS.replace('go()', 'stop()').replaceAll('\n', '\r\n')}`,
  },
  {
    name: 'whole function: no line break at the end',
    path: PY,
    before: 'x = 1\n\ndef f():\n    return 1',
    call: func(PY, 'f', 'def f():', '    return 2'),
    after: 'x = 1\n\ndef f():\n    return 2',
  },
  {
    name: 'whole function: two have the name',
    path: TS,
    before: 'class A { f() {} }\nclass B { f() {} }\n',
    call: func(TS, 'f', 'f() { go(); }'),
    after: null,
  },
  {
    name: 'whole function: of another file',
    path: TS,
    before: CLASS,
    call: func(TS, 'parse', 'function parse() {}'),
    after: null,
  },
  {
    name: 'whole function: cut off in the middle',
    path: TS,
    before: CLASS,
    call: func(TS, 'open', 'open(): void {', '  if (a) {'),
    after: null,
  },
  {
    name: 'whole function: with lines left out',
    path: TS,
    before: CLASS,
    call: func(TS, 'open', 'open(): void {', '  // ... existing code ...', '}'),
    after: null,
  },
  {
    name: 'whole file: in a fence, CRLF stays',
    path: TS,
    before: 'a();\r\nb();\r\n',
    call: write(TS, '```ts', 'a();', 'c();', '```', ''),
    after: 'a();\r\nc();\r\n',
  },
  { name: 'whole file: a new one', path: TS, before: null, call: write(TS, 'a();'), after: 'a();\n' },
  {
    name: 'whole file: too long to be written anew',
    path: TS,
    before: 'a();\n'.repeat(201),
    call: write(TS, 'a();'),
    after: null,
  },
  {
    name: 'whole file: with lines left out',
    path: TS,
    before: 'a();\nb();\nc();\n',
    call: write(TS, 'a();', '// rest of the code unchanged'),
    after: null,
  },
  {
    name: 'a block with lines left out',
    path: TS,
    before: 'a();\nb();\nc();\n',
    call: inFile(edit('a();\nb();\nc();', 'x();\n// ... other code\nc();')),
    after: null,
  },
  {
    name: 'Python: three dots are a statement',
    path: PY,
    before: 'def f(): pass\n',
    call: inFile(edit('def f(): pass', 'def f():\n    ...'), PY),
    after: 'def f():\n    ...\n',
  },
  {
    name: 'decomposed letters in the file, composed ones in the block',
    path: TS,
    before: 'cafe\u0301();\nkeep("u\u0308");\n',
    call: inFile(edit('caf\u00e9();\nkeep("\u00fc");', 'tea();\nkeep("\u00fc");')),
    after: 'tea();\nkeep("u\u0308");\n',
  },
  {
    name: 'curly quotes and long dashes in the file, plain ones in the block',
    path: 'src/file.md',
    before: 'It’s “here” – now\n',
    call: inFile(edit('It\'s "here" - now', 'It is gone'), 'src/file.md'),
    after: 'It is gone\n',
  },
  {
    name: 'a no-break space in the file',
    path: TS,
    before: 'go(1,\u00a02);\n',
    call: inFile(edit('go(1, 2);', 'go(2);')),
    after: 'go(2);\n',
  },
  {
    name: 'letters outside the basic plane, and right-to-left ones',
    path: TS,
    before: 'const a = "😀שלום";\nconst b = "𝒳";\n',
    call: inFile(edit('const b = "𝒳";', 'const b = "𝒴";')),
    after: 'const a = "😀שלום";\nconst b = "𝒴";\n',
  },
  {
    name: 'two look-alikes of other alphabets are two texts',
    path: TS,
    before: 'const \u0430 = 1;\n',
    call: inFile(edit('const a = 1;', 'const a = 2;')),
    after: null,
    clear: true,
  },
];

export const suiteCases: readonly SuiteCase[] = [...fromLadder, ...ofTheTools];

export interface SuiteOutcome {
  /** What became of each case, in their order. `wrong` is anything but what the case says. */
  results: { case: SuiteCase; became: 'applied' | 'refused' | 'wrong'; text: string }[];
  /** Share of the edits whose meaning is clear that were applied, from 0 to 1. */
  rate: number;
}

/** Makes every edit of the suite as a model would: written as a call, read, and run on a workspace. */
export async function runEditSuite(): Promise<SuiteOutcome> {
  const results: SuiteOutcome['results'] = [];
  for (const one of suiteCases) {
    const { path, before, call, after } = one;
    using at = openToolBench(before === null ? {} : { [path]: before });
    const { ok, text } = await at.run(call);
    const now = at.overlay.read(at.overlay.find(path));
    const isRight = ok ? now === after : after === null && now === before && at.overlay.changes().length === 0;
    results.push({ case: one, became: isRight ? (ok ? 'applied' : 'refused') : 'wrong', text });
  }
  const clear = results.filter(({ case: one }) => one.after !== null || one.clear === true);
  return { results, rate: clear.filter(({ became }) => became === 'applied').length / clear.length };
}
