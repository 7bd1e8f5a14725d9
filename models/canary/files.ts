/** Seeded chance, names and small source files for the lessons. */

import { crc32 } from 'node:zlib';
import { EXTENSIONS, FOLDERS, NOUNS, PARAMS, PREFIXES, RESULTS, SUFFIXES, TYPES, VERBS } from './words.ts';

export type Split = 'train' | 'test';

/** An identifier, file stem or made-up word is held out by its own spelling, so no run can mix the two up. */
export const heldOut = (word: string): boolean => crc32(word.toLowerCase()) % 8 === 0;

export const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Small seeded generator (mulberry32): the same seed gives the same lessons everywhere. */
export class Chance {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  bool(share: number): boolean {
    return this.next() < share;
  }
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }
  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)] as T;
  }
  shuffled<T>(from: readonly T[]): T[] {
    const out = [...from];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }
}

/** Made-up words may not begin like a template word that carries its leading space (one identifier, one segmentation). */
const BLOCKED_START = /^(to|do|is|in|of|an)/;
const CONSONANTS = [...'bdfghjklmnprstvwz'];
const VOWELS = [...'aeiou'];
const ENDINGS = ['', '', '', 'n', 'r', 's', 'l', 'x'];

export class Names {
  readonly chance: Chance;
  readonly split: Split;
  /** Verb and noun of the target, so that look-alike names can be made next to it. */
  likeness: [string, string] | null = null;
  #last: [string, string] = ['load', 'user'];

  constructor(chance: Chance, split: Split) {
    this.chance = chance;
    this.split = split;
  }
  fits(word: string): boolean {
    return heldOut(word) === (this.split === 'test');
  }
  madeUp(): string {
    const { chance } = this;
    for (;;) {
      let word = '';
      for (let n = chance.bool(0.25) ? 3 : 2; n > 0; n--) word += chance.pick(CONSONANTS) + chance.pick(VOWELS);
      word += chance.pick(ENDINGS);
      if (this.fits(word) && !BLOCKED_START.test(word)) return word;
    }
  }
  noun(): string {
    return this.chance.bool(0.13) ? this.madeUp() : this.chance.pick(NOUNS);
  }
  /** loadUser, sometimes loadUserPage or one made-up word. */
  func(): string {
    const { chance } = this;
    for (;;) {
      let verb = chance.bool(0.06) ? this.madeUp() : chance.pick(VERBS);
      let noun = this.noun();
      if (this.likeness && chance.bool(0.3)) {
        if (chance.bool(0.5)) verb = this.likeness[0];
        else noun = this.likeness[1];
      }
      let word = verb + capital(noun) + (chance.bool(0.2) ? capital(this.noun()) : '');
      if (chance.bool(0.04)) word = this.madeUp();
      if (!this.fits(word)) continue;
      this.#last = [verb, noun];
      return word;
    }
  }
  keepLikeness(): void {
    this.likeness = this.#last;
  }
  /** RETRY_MAX, sometimes retryMax. */
  constant(): string {
    const { chance } = this;
    for (;;) {
      const words = [this.noun()];
      if (chance.bool(0.25)) words.push(this.noun());
      const kind = chance.next();
      if (kind < 0.35) words.push(chance.pick(SUFFIXES));
      else if (kind < 0.55) words.unshift(chance.pick(PREFIXES));
      else if (kind < 0.75) words.push(this.noun());
      const camel = words.map((word, i) => (i === 0 ? word : capital(word))).join('');
      const word = chance.bool(0.8) ? words.join('_').toUpperCase() : camel;
      if (this.fits(word) && !PARAMS.includes(word)) return word;
    }
  }
  path(): string {
    const { chance } = this;
    for (;;) {
      const stem = this.noun() + (chance.bool(0.25) ? 's' : '') + (chance.bool(0.3) ? `-${this.noun()}` : '');
      const folder = chance.bool(0.92) ? `${chance.pick(FOLDERS)}/` : '';
      if (this.fits(stem)) return `${folder}${stem}.${chance.pick(EXTENSIONS)}`;
    }
  }
  number(): string {
    const { chance } = this;
    if (chance.bool(0.25))
      return chance.pick(
        '0 1 2 3 5 8 10 16 20 25 30 32 50 60 64 100 120 200 250 256 300 500 512 600 1000 1024 1500 2000 3000 5000 8080'.split(
          ' ',
        ),
      );
    if (chance.bool(0.05)) return `${chance.int(0, 9)}.${chance.int(1, 99)}`;
    return String(chance.pick([chance.int(0, 9), chance.int(10, 99), chance.int(100, 999), chance.int(1000, 9999)]));
  }
}

/** What a lesson wants to find in its file. */
export type Want =
  | { kind: 'nothing' }
  | { kind: 'constant' | 'function' | 'called function'; name: string }
  | { kind: 'given function'; name: string; params: string[]; body: string[] };

export interface Source {
  lines: string[];
  /** Index of the line that declares the wanted name, or -1. */
  declared: number;
  /** Index of the line that calls it, or -1. */
  called: number;
}

/** Writes one small file: constants and short functions, one of them wanted. */
export class FileMaker {
  readonly #names: Names;
  readonly #chance: Chance;
  /** Share of files that mix exported and private declarations; the promise covers one style a file. */
  readonly #mixed: number;
  readonly #longest: number;
  #typed = false;
  #quote = '"';
  #exported: () => string = () => '';
  #freeParams: string[] = [];

  constructor(names: Names, mixed: number, longest: number) {
    this.#names = names;
    this.#chance = names.chance;
    this.#mixed = mixed;
    this.#longest = longest;
  }

  /** Chooses the style of the next file: types, quotes, exports. Values of a task must be made after this. */
  restyle(path: string): void {
    const chance = this.#chance;
    const style = chance.bool(0.5) ? 'export ' : '';
    const mixed = chance.bool(this.#mixed);
    this.#exported = () => (mixed ? (chance.bool(0.5) ? 'export ' : '') : style);
    this.#typed = /\.tsx?$/.test(path) && chance.bool(0.4);
    this.#quote = chance.bool(0.4) ? "'" : '"';
  }

  value(): string {
    const chance = this.#chance;
    const kind = chance.next();
    if (kind < 0.62) return this.#names.number();
    if (kind < 0.74) return chance.pick(['true', 'false']);
    const words = chance.bool(0.33) ? [this.#names.noun(), this.#names.noun()] : [this.#names.noun()];
    return this.#quote + words.join(chance.pick(['-', ' ', '/', '_'])) + this.#quote;
  }
  /** Another value of the same type. */
  otherValue(old: string): string {
    if (old === 'true') return 'false';
    if (old === 'false') return 'true';
    for (;;) {
      const value = this.value();
      const sameType = /^\d/.test(value) ? /^\d/.test(old) : value[0] === old[0];
      if (value !== old && sameType) return value;
    }
  }

  make(want: Want, longest = this.#longest): Source {
    const chance = this.#chance;
    const names = this.#names;
    this.#freeParams = chance
      .shuffled(PARAMS)
      .filter((p) => want.kind !== 'given function' || !want.params.includes(p));
    names.likeness = null;
    if ((want.kind === 'function' || want.kind === 'called function') && chance.bool(0.3)) names.keepLikeness();
    const used = new Set(want.kind === 'nothing' ? [] : [want.name]);
    const fresh = (make: () => string): string => {
      for (;;) {
        const name = make();
        if (!used.has(name)) {
          used.add(name);
          return name;
        }
      }
    };
    const declared = this.#wanted(want);
    const call = want.kind === 'called function' ? this.#caller(want.name, () => fresh(() => names.func())) : null;
    const blocks = [declared, call?.block ?? null].filter((block) => block !== null);
    let size = blocks.flat().length;
    const wish = 4 + Math.floor((longest - 3) * chance.next() ** 1.8);
    while (size < wish) {
      const left = wish - size;
      const block = chance.bool(0.1)
        ? this.#other(left, fresh)
        : chance.bool(0.4) || left < 3
          ? [this.#constant(fresh(() => names.constant()))]
          : this.#function(fresh(() => names.func()));
      blocks.push(block);
      size += block.length;
    }
    let order = chance.shuffled(blocks);
    if (chance.bool(0.2)) order = order.toSorted((a, b) => Math.min(a.length, 2) - Math.min(b.length, 2));
    const lines: string[] = [];
    if (chance.bool(0.2))
      lines.push(`import { ${fresh(() => names.func())} } from ${this.#quote}./${chance.pick(NOUNS)}${this.#quote};`);
    const source: Source = { lines, declared: -1, called: -1 };
    const airy = chance.bool(0.5);
    for (const block of order) {
      if (airy && lines.length > 0 && (block.length > 1 || lines.at(-1) === '}' || lines.at(-1)?.startsWith('import')))
        lines.push('');
      if (block === declared) source.declared = lines.length;
      if (call && block === call.block) source.called = lines.length + call.row;
      lines.push(...block);
    }
    return source;
  }

  #wanted(want: Want): string[] | null {
    if (want.kind === 'nothing') return null;
    if (want.kind === 'constant') return [this.#constant(want.name)];
    if (want.kind === 'given function') return this.#function(want.name, want.params, want.body);
    return this.#function(want.name);
  }
  #constant(name: string): string {
    return `${this.#exported()}const ${name} = ${this.value()};`;
  }
  /** What else stands in real files: comments, lists, arrow functions, types. */
  #other(left: number, fresh: (make: () => string) => string): string[] {
    const chance = this.#chance;
    const names = this.#names;
    const type = (): string => capital(fresh(() => names.noun()));
    const one = [
      () => `// ${capital(chance.pick(VERBS))} the ${names.noun()} before the ${names.noun()}.`,
      () => `/** The ${names.noun()} of the ${names.noun()}. */`,
      () => `${this.#exported()}const ${fresh(() => names.constant())} = [${names.number()}, ${names.number()}];`,
      () => `let ${fresh(() => names.constant())} = ${this.value()};`,
      () => `${this.#exported()}const ${fresh(() => names.func())} = (${chance.pick(PARAMS)}) => ${this.value()};`,
      () => `${this.#exported()}type ${type()} = string | number;`,
    ];
    if (left < 4 || chance.bool(0.6)) return [chance.pick(one)()];
    return [`${this.#exported()}interface ${type()} {`, `  ${chance.pick(PARAMS)}: string;`, '}'];
  }
  #function(name: string, params = this.#params(), body = this.#body(params)): string[] {
    const chance = this.#chance;
    const shown = this.#typed ? params.map((p) => `${p}: ${chance.pick(TYPES)}`) : params;
    const returns = this.#typed && chance.bool(0.5) ? `: ${chance.pick(['void', 'number', 'string', 'boolean'])}` : '';
    const async = chance.bool(0.08) ? 'async ' : '';
    const head = `${this.#exported()}${async}function ${name}(${shown.join(', ')})${returns} {`;
    return [head, ...body.map((line) => `  ${line}`), '}'];
  }
  /** Parameter names differ within a file, so that a copied line cannot run on into another one. */
  #params(): string[] {
    if (this.#freeParams.length < 3) this.#freeParams = this.#chance.shuffled(PARAMS);
    return this.#freeParams.splice(0, this.#chance.pick([0, 0, 1, 1, 1, 1, 1, 2, 2, 3]));
  }
  #body(params: string[]): string[] {
    const chance = this.#chance;
    const a = params[0] ?? chance.pick(['config', 'cache', 'items', 'state']);
    const b = params[1] ?? this.#names.number();
    const before = [
      `if (!${a}) return null;`,
      `if (${a}.length > ${this.#names.number()}) return false;`,
      `const result = ${chance.pick(VERBS)}(${a});`,
      `console.log(${a});`,
      `if (${a} === ${b}) return true;`,
      `if (${a} > ${b}) return ${b};`,
    ];
    const last = [
      `return ${a} ${chance.pick([...'+-*/%'])} ${b};`,
      `return ${a};`,
      `console.log(${a});`,
      `return ${a}.${chance.pick(NOUNS)};`,
      `return ${chance.pick(VERBS)}(${a});`,
      `return ${a}.filter((x) => x.${chance.pick(['id', 'name', 'done'])});`,
      `${a}.${chance.pick(['push', 'set', 'add'])}(${b});`,
      `return ${a}.map(${chance.pick(VERBS)});`,
      `return ${a} === ${b};`,
      `return ${a}.length;`,
      `return ${a}.length * ${b};`,
    ];
    return chance.bool(0.3) ? [chance.pick(before), chance.pick(last)] : [chance.pick(last)];
  }
  /** A block with exactly one call of the name. */
  #caller(name: string, freshName: () => string): { block: string[]; row: number } {
    const chance = this.#chance;
    const params = this.#params();
    const args =
      params.slice(0, chance.int(0, params.length)).join(', ') || chance.pick(['', 'config', this.#names.number()]);
    const result = chance.pick(RESULTS.filter((word) => !params.includes(word)));
    const start = chance.pick(['return ', 'return ', `const ${result} = `, 'await ', `const ${result} = await `, '']);
    if (chance.bool(0.2)) {
      const top = start.startsWith('const') ? `${this.#exported()}const ${result} = ` : '';
      return { block: [`${top}${name}(${args});`], row: 0 };
    }
    const after = start.startsWith('const')
      ? [`return ${result}${chance.bool(0.4) ? `.${chance.pick(NOUNS)}` : ''};`]
      : [];
    const before = chance.bool(0.15) ? [`console.log(${params[0] ?? 'config'});`] : [];
    const block = this.#function(freshName(), params, [...before, `${start}${name}(${args});`, ...after]);
    return { block, row: 1 + before.length };
  }
}
