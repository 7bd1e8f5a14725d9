/**
 * Makes the lessons of the embedded model: conversations as JSON lines {skill, split, system, turns}, where turns go
 * user, assistant, user, ... Every text that the product says or reads comes from the product's own prompt code.
 *
 * usage: node generate.ts COUNT [--seed 1] [--split train|test] [--skill NAME] [--mixed 0.3] [--longest 14] [--form 1]
 */

import { pathToFileURL } from 'node:url';
import { type Call, renderCall, renderError, renderResult } from '../../server/agents/format.ts';
import {
  askTurn,
  contextTurn,
  editChangesNothing,
  editResult,
  isFolder,
  lastEditFailed,
  noSuchFile,
  notAsked,
  planTurn,
  readResult,
  searchAmbiguous,
  searchNotFound,
  TINY,
  tagTurn,
  tooLong,
} from '../../server/agents/prompts.ts';
import { questionTurn, type Request, requestTurn, taughtGoal } from '../../server/agents/taught.ts';
import { Chance, capital, FileMaker, Names, type Split } from './files.ts';
import { ADJECTIVES, HORIZONS, PARAMS, TAGS, VERBS } from './words.ts';

export const AGENT_SKILLS = ['const', 'rename', 'call', 'doc', 'nofile', 'noname', 'retry'] as const;
export type AgentSkill = (typeof AGENT_SKILLS)[number];
export const SKILLS = [...AGENT_SKILLS, 'plan', 'tag', 'ask'] as const;
export type Skill = (typeof SKILLS)[number];

export interface Conversation {
  skill: Skill;
  split: Split;
  system: string;
  turns: string[];
}

/** How often a lesson of each skill is given. */
const SHARES: Record<Skill, number> = {
  const: 14,
  rename: 10,
  call: 13,
  doc: 10,
  nofile: 3,
  noname: 9,
  retry: 8,
  plan: 9,
  tag: 12,
  ask: 12,
};

const CHANGE_CONSTANT = [
  'set {n} to {m} in {p}',
  'set {n} to {m} in {p}',
  'set {n} in {p} to {m}',
  'change {n} to {m} in {p}',
  'change {n} in {p} to {m}',
  'change the constant {n} to {m} in {p}',
  'set the constant {n} to {m} in {p}',
  'in {p}, change the constant {n} to {m}',
  'in {p}, set {n} to {m}',
  'update {n} to {m} in {p}',
  'make {n} {m} in {p}',
  'the constant {n} in {p} should be {m}',
  '{p}: {n} should be {m}',
  '{n} in {p} should be {m}',
  'I want {n} in {p} to be {m}',
];
const RENAME = [
  'rename {n} to {m} in {p}',
  'rename {n} to {m} in {p}',
  'rename {n} in {p} to {m}',
  'rename the function {n} to {m} in {p}',
  'in {p}, rename {n} to {m}',
  'in {p}, rename the function {n} to {m}',
  'change the name of {n} to {m} in {p}',
  'the function {n} in {p} should be named {m}',
  '{n} in {p} should be called {m}',
];
const DOCUMENT = [
  'add a doc comment to {n} in {p}: {t}',
  'add a doc comment to {n} in {p}: {t}',
  'add a comment to {n} in {p}: {t}',
  'add a doc comment above {n} in {p}: {t}',
  'in {p}, add a doc comment to {n}: {t}',
  'in {p}, document {n}: {t}',
  'document {n} in {p}: {t}',
];

/** Each goal has exactly one plan, so that a plan can be right or wrong. */
const PLANS: [string, string[]][] = [
  ['add {x} to {y}', ['Open {y}', 'Add {x} to {y}', 'Test {x} in {y}']],
  ['fix {x} in {y}', ['Reproduce {x} in {y}', 'Fix {x}', 'Add a test for {x}']],
  ['remove {x} from {y}', ['Find {x} in {y}', 'Remove {x} from {y}', 'Test {y}']],
  ['document {x} in {y}', ['Read {x} in {y}', 'Write a note on {x}', 'Link it from {y}']],
  ['speed up {x} in {y}', ['Measure {x} in {y}', 'Speed up {x}', 'Measure {x} again']],
  ['move {x} to {y}', ['Find {x}', 'Move {x} to {y}', 'Test {y}']],
  ['replace {x} with {y}', ['Find {x}', 'Put {y} in its place', 'Test {y}']],
];
/** Any other goal is a verb and its object. */
const PLAIN_GOALS = 'write build clean improve check release translate design publish review test install'.split(' ');

const fill = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w)\}/g, (_, key: string) => values[key] ?? '');

export class Lessons {
  readonly chance: Chance;
  readonly names: Names;
  readonly files: FileMaker;
  readonly split: Split;
  /** Share of requests in the one form in which the product says them; the others are as people type. */
  readonly #inForm: number;

  constructor(seed: number, split: Split, { mixed = 0, longest = 14, inForm = 0.25 } = {}) {
    this.#inForm = inForm;
    this.chance = new Chance(seed);
    this.split = split;
    this.names = new Names(this.chance, split);
    this.files = new FileMaker(this.names, mixed, longest);
  }

  any(): Conversation {
    let at = this.chance.next() * Object.values(SHARES).reduce((a, b) => a + b);
    for (const skill of SKILLS) {
      at -= SHARES[skill];
      if (at < 0) return this.make(skill);
    }
    return this.make('ask');
  }

  make(skill: Skill): Conversation {
    const turns =
      skill === 'plan'
        ? this.#plan()
        : skill === 'tag'
          ? this.#tag()
          : skill === 'ask'
            ? this.#ask()
            : this.#agent(skill);
    return { skill, split: this.split, system: TINY, turns };
  }

  /** A request in the product's form, or as somebody typed it. */
  #said(template: string, values: Record<string, string>, request: Request, lines: string[]): string {
    const { chance } = this;
    if (chance.bool(this.#inForm)) return requestTurn(request);
    return this.#lookingAt(this.#typed(template, values), request.path, lines);
  }

  /** The ways people wrap a request: capital letter, full stop, please, thanks. A name keeps its letters. */
  #typed(template: string, values: Record<string, string>): string {
    const { chance } = this;
    const isWish = /^(set|change|update|make|rename|add|document)/.test(template);
    const isOpen = !template.endsWith('{t}');
    const plain = fill(template, values);
    const large = fill(template.startsWith('{') ? template : capital(template), values);
    const kind = chance.next();
    if (kind < 0.15) return plain;
    if (kind < 0.6 || !isWish) return large + (isOpen && chance.bool(0.5) ? '.' : '');
    if (kind < 0.75 || !isOpen) return `Please ${plain}${isOpen && chance.bool(0.6) ? '.' : ''}`;
    if (kind < 0.88) return `${chance.pick(['Can you', 'Could you', 'Hey, can you', 'can you'])} ${plain}?`;
    return kind < 0.94 ? `${large} please` : `${plain}, thanks`;
  }

  /** Some people have a file open; some then leave its name out. */
  #lookingAt(request: string, path: string, lines: string[]): string {
    const { chance } = this;
    if (!chance.bool(0.15)) return request;
    const isNamed = chance.bool(0.6) || !request.includes(` in ${path}`);
    const instruction = isNamed ? request : request.replace(` in ${path}`, '');
    const from = chance.int(0, lines.length - 1);
    const text = chance.bool(0.5) ? lines.slice(from, from + chance.int(1, 3)).join('\n') : undefined;
    return contextTurn({ instruction, path: isNamed && chance.bool(0.4) ? this.names.path() : path, text });
  }

  #agent(skill: AgentSkill): string[] {
    const { chance, names, files } = this;
    const act =
      skill === 'nofile' || skill === 'noname' || skill === 'retry'
        ? chance.pick(['const', 'rename', 'doc'] as const)
        : skill;
    const path = names.path();
    const name = act === 'const' ? names.constant() : names.func();
    files.restyle(path);
    const kind = act === 'const' ? 'constant' : act === 'call' ? 'called function' : 'function';
    const source = files.make(skill === 'noname' ? { kind: 'nothing' } : { kind, name });
    const { lines } = source;
    const declaration = lines[source.declared] ?? '';
    const job = this.#job(act, path, name, declaration, lines);

    const read: Call = { tool: 'read_file', path };
    const edit = (line: string): string =>
      renderCall({ tool: 'edit_file', path, body: [{ search: line, replace: job.change(line) }] });
    const finish = (outcome: 'done' | 'failed', text: string): string =>
      renderCall({ tool: 'finish', outcome, body: text });
    const shown = (content: string[]): string => renderResult(readResult(`${content.join('\n')}\n`));

    const turns = [job.request, renderCall(read)];
    if (skill === 'nofile') {
      if (chance.bool(0.2)) {
        const problem = chance.bool(0.5)
          ? isFolder(path)
          : tooLong(path, { characters: chance.int(3000, 99999), fit: 2000 });
        return [...turns, renderError(problem), finish('failed', `${path} cannot be read.`)];
      }
      const nearest = chance.bool(0.5) ? names.path() : undefined;
      return [...turns, renderError(noSuchFile(path, nearest)), finish('failed', `There is no file ${path}.`)];
    }
    turns.push(shown(lines));
    if (skill === 'noname') return [...turns, finish('failed', `There is no ${name} in ${path}.`)];
    turns.push(edit(declaration));
    if (skill === 'retry' && chance.bool(0.2)) {
      const ambiguous = searchAmbiguous([chance.int(1, 9), chance.int(10, 30)]);
      const problem = chance.pick([editChangesNothing, notAsked, ambiguous, lastEditFailed(ambiguous)]);
      return [...turns, renderError(problem), finish('failed', `The edit of ${path} did not work.`)];
    }
    if (skill === 'retry') {
      const error = (): string =>
        renderError(searchNotFound(chance.bool(0.5) ? chance.pick(lines.filter((line) => line !== '')) : undefined));
      const again = [...lines];
      if (act === 'const' && chance.bool(0.4)) {
        const start = declaration.split(' = ')[0] ?? '';
        again[source.declared] = `${start} = ${files.otherValue(job.oldValue)};`;
      }
      turns.push(error(), renderCall(read), shown(again), edit(again[source.declared] ?? ''));
      if (chance.bool(0.25)) return [...turns, error(), finish('failed', `The search text was not found in ${path}.`)];
    }
    turns.push(renderResult(editResult(path)));
    if (skill === 'call') turns.push(edit(lines[source.called] ?? ''), renderResult(editResult(path)));
    return [...turns, finish('done', job.done)];
  }

  /** The request, what it does to a line, and what is said in the end. */
  #job(act: 'const' | 'rename' | 'call' | 'doc', p: string, n: string, declaration: string, lines: string[]) {
    const { chance, names, files } = this;
    if (act === 'const') {
      const oldValue = declaration.split(' = ')[1]?.slice(0, -1) ?? files.value();
      const m = files.otherValue(oldValue);
      const request = this.#said(
        chance.pick(CHANGE_CONSTANT),
        { n, m, p },
        { act: 'constant', path: p, name: n, value: m },
        lines,
      );
      return {
        request,
        oldValue,
        change: (s: string) => `${s.split(' = ')[0]} = ${m};`,
        done: `Changed ${n} to ${m}.`,
      };
    }
    if (act === 'doc') {
      const t = this.#fact();
      const request = this.#said(
        chance.pick(DOCUMENT),
        { n, p, t },
        { act: 'document', path: p, name: n, text: t },
        lines,
      );
      return { request, oldValue: '', change: (s: string) => `/** ${t} */\n${s}`, done: `Documented ${n}.` };
    }
    let m = names.func();
    while (m === n || lines.some((line) => line.includes(m))) m = names.func();
    const request = this.#said(
      chance.pick(RENAME),
      { n, m, p },
      { act: 'rename', path: p, name: n, newName: m },
      lines,
    );
    const done = `Renamed ${n} to ${m}${act === 'call' ? ' and updated its call' : ''}.`;
    return { request, oldValue: '', change: (s: string) => s.replace(`${n}(`, `${m}(`), done };
  }

  /** One sentence about a function. */
  #fact(): string {
    const { chance, names } = this;
    if (chance.bool(0.15)) return `Returns true if the ${names.noun()} is ${chance.pick(ADJECTIVES)}.`;
    const verb = capital(chance.pick(VERBS));
    const third = `${verb.replace(/(sh|ch|s|x)$/, '$1e').replace(/([^aeiou])y$/, '$1ie')}s`;
    const what =
      chance.pick(['the ', 'one ', 'a ', 'all ', '']) + (chance.bool(0.3) ? `${chance.pick(ADJECTIVES)} ` : '');
    const noun = names.noun() + (chance.bool(0.3) ? ` ${names.noun()}` : '');
    const more = chance.pick([
      '',
      '',
      '',
      `from the ${names.noun()}`,
      `and returns the ${names.noun()}`,
      `for the ${names.noun()}`,
    ]);
    return `${third} ${what}${noun}${more && ' '}${more}${chance.bool(0.9) ? '.' : ''}`;
  }

  #ask(): string[] {
    const { chance, names, files } = this;
    const path = names.path();
    files.restyle(path);
    const longest = chance.bool(0.2) ? 1 : undefined;
    let name: string;
    let answer: string;
    let lines: string[];
    if (chance.bool(0.15)) {
      name = names.constant();
      const source = files.make({ kind: 'constant', name }, longest);
      lines = source.lines;
      answer = `${name} is a constant with the value ${lines[source.declared]?.split(' = ')[1]?.slice(0, -1)}.`;
    } else {
      name = names.func();
      const [a = 'a', b = 'b'] = chance.shuffled(PARAMS);
      const both = [a, b];
      const math = (sign: string, result: string): [string[], string[], string] => [
        both,
        [`return ${a} ${sign} ${b};`],
        `returns the ${result} of ${a} and ${b}.`,
      ];
      const choices: [string[], string[], string][] = [
        math('+', 'sum'),
        math('-', 'difference'),
        math('*', 'product'),
        math('/', 'quotient'),
        math('%', 'remainder'),
        [[a], [`return ${a}.length;`], `returns the length of ${a}.`],
        [both, [`return ${a} === ${b};`], `checks whether ${a} equals ${b}.`],
        [[a], [`return !${a};`], `returns the negation of ${a}.`],
        [both, [`return ${a}.map(${b});`], `applies ${b} to each item of ${a}.`],
        [both, [`return ${a}.filter(${b});`], `keeps the items of ${a} that pass ${b}.`],
        [[a], [`console.log(${a});`], `logs ${a}.`],
        [both, [`if (${a} > ${b}) return ${a};`, `return ${b};`], `returns the larger of ${a} and ${b}.`],
        [both, [`if (${a} < ${b}) return ${a};`, `return ${b};`], `returns the smaller of ${a} and ${b}.`],
        [[a], [`return ${a}.${b};`], `returns the ${b} of ${a}.`],
        [both, [`${a}.push(${b});`], `adds ${b} to ${a}.`],
      ];
      const [params, body, sentence] = chance.pick(choices);
      lines = files.make({ kind: 'given function', name, params, body }, longest).lines;
      answer = `${name} ${sentence}`;
    }
    const where = chance.bool(0.5) ? ` in ${path}` : '';
    const forms = [
      'What does {n}{w} do?',
      'What does {n}{w} do?',
      'what does {n} do{w}?',
      'Explain {n}{w}.',
      'Explain {n}{w}',
      'What is {n}{w}?',
    ];
    const text = lines.join('\n');
    if (chance.bool(this.#inForm)) return [askTurn({ question: questionTurn({ name, path, text }), text }), answer];
    const question = chance.pick(forms).replace('{n}', name).replace('{w}', where);
    return [askTurn({ question, text }), answer];
  }

  #phrase(): string {
    const { chance, names } = this;
    const noun = names.noun() + (chance.bool(0.45) ? ` ${names.noun()}` : '');
    return (chance.bool(0.2) ? `${chance.pick(ADJECTIVES)} ` : '') + noun;
  }

  #plan(): string[] {
    const { chance } = this;
    const x = chance.pick(['the ', 'a ', '', '', 'the ']) + this.#phrase();
    const y = chance.pick(['the ', 'the ', 'the ', 'our ', '']) + this.#phrase();
    let [goal, steps] = chance.pick(PLANS);
    if (chance.bool(0.15)) {
      const verb = chance.pick(PLAIN_GOALS);
      [goal, steps] = [`${verb} {x}`, ['Look at {x}', `${capital(verb)} {x}`, 'Check the result']];
    }
    const said = fill(goal, { x, y });
    const request = (chance.bool(0.5) ? capital(said) : said) + (chance.bool(0.2) ? '.' : '');
    const turn = chance.bool(this.#inForm) ? taughtGoal(request) : planTurn(request);
    return [turn, JSON.stringify(steps.map((step) => fill(step, { x, y })))];
  }

  #tag(): string[] {
    const { chance, names } = this;
    const tags = chance.shuffled(Object.keys(TAGS)).slice(0, chance.bool(0.25) ? 2 : 1);
    const thing = (): string => chance.pick(['the ', 'our ', 'a ', '']) + this.#phrase();
    const clause = (cue: string): string =>
      chance.pick([
        `${cue} in ${thing()}`,
        `${chance.pick(['the ', 'that ', 'a ', ''])}${cue} of ${thing()}`,
        `look at the ${cue} for ${thing()}`,
        `${thing()} ${cue}`,
        `${thing()} needs ${cue} work`,
        `check ${cue} and ${thing()}`,
        `${thing()} has a ${cue} problem`,
        `write down ${cue} ideas for ${thing()}`,
        `fix the ${cue} in ${thing()}`,
        `the ${cue} ${chance.pick(['is', 'was'])} ${chance.pick(ADJECTIVES)}`,
        `talk to ${names.madeUp()} about the ${cue}`,
      ]);
    const clauses = tags.map((tag) => clause(chance.pick(TAGS[tag] ?? [])));
    let note = clauses.join(chance.pick([' and ', ', also ', ' plus ', '; ']));
    let horizon = chance.pick(Object.keys(HORIZONS));
    const time = chance.pick(HORIZONS[horizon] ?? []);
    if (chance.bool(0.15)) horizon = 'next';
    else
      note = chance.pick([
        `${note} ${time}`,
        `${note}, ${time}`,
        `${time}: ${note}`,
        `${time} ${note}`,
        `${note} - ${time}`,
      ]);
    if (chance.bool(0.4)) note = capital(note);
    if (chance.bool(0.2)) note += '.';
    return [tagTurn(note), JSON.stringify({ tags, horizon })];
  }
}

function main(args: string[]): void {
  const option = (name: string): string | undefined => args[args.indexOf(`--${name}`) + 1 || args.length];
  const number = (name: string, usual: number): number => Number(option(name) ?? usual);
  const split = option('split') === 'test' ? 'test' : 'train';
  const lessons = new Lessons(number('seed', 1), split, {
    mixed: number('mixed', 0),
    longest: number('longest', 14),
    inForm: number('form', 1),
  });
  const only = SKILLS.find((skill) => skill === option('skill'));
  let out = '';
  for (let i = 0; i < Number(args[0] ?? 10); i++) {
    out += `${JSON.stringify(only ? lessons.make(only) : lessons.any())}\n`;
    if (out.length > 1 << 20) {
      process.stdout.write(out);
      out = '';
    }
  }
  process.stdout.write(out);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main(process.argv.slice(2));
