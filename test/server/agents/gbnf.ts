/**
 * Reads GBNF as llama.cpp does, as far as the product's grammars go, and says whether a text follows it. Independent of
 * the code that writes the grammars; the real reader is tried in the tests with the embedded model.
 */

type Node =
  | { kind: 'text'; text: string }
  | { kind: 'set'; test: (code: number) => boolean }
  | { kind: 'rule'; name: string }
  | { kind: 'all'; nodes: Node[] }
  | { kind: 'any'; nodes: Node[] }
  | { kind: 'repeat'; node: Node; min: number; max: number };

export function readGrammar(source: string): { accepts(text: string): boolean } {
  const rules = new Map<string, Node>();
  let at = 0;
  const skip = () => {
    while (/[ \t]/.test(source[at] ?? '')) at++;
  };
  const fail = (): never => {
    throw new Error(`grammar at ${at}: ${source.slice(at, at + 40)}`);
  };
  const character = (): string => {
    if (source[at] !== '\\') return String.fromCodePoint(source.codePointAt(at++) ?? fail());
    const code = source[at + 1] ?? fail();
    at += 2;
    if (code === 'x') {
      at += 2;
      return String.fromCharCode(Number.parseInt(source.slice(at - 2, at), 16));
    }
    return { n: '\n', r: '\r', t: '\t' }[code] ?? code;
  };
  const item = (): Node => {
    let node: Node;
    if (source[at] === '"') {
      at++;
      let text = '';
      while (source[at] !== '"') text += character();
      at++;
      node = { kind: 'text', text };
    } else if (source[at] === '[') {
      at++;
      const not = source[at] === '^';
      if (not) at++;
      const ranges: [number, number][] = [];
      while (source[at] !== ']') {
        const from = character().codePointAt(0) ?? 0;
        let to = from;
        if (source[at] === '-' && source[at + 1] !== ']') {
          at++;
          to = character().codePointAt(0) ?? 0;
        }
        ranges.push([from, to]);
      }
      at++;
      node = { kind: 'set', test: (code) => ranges.some(([from, to]) => code >= from && code <= to) !== not };
    } else if (source[at] === '(') {
      at++;
      node = either();
      if (source[at] !== ')') fail();
      at++;
    } else {
      const name = /^[a-z][\w-]*/.exec(source.slice(at))?.[0] ?? fail();
      at += name.length;
      node = { kind: 'rule', name };
    }
    for (;;) {
      const times = /^(?:[*+?]|\{(\d+),(\d+)\})/.exec(source.slice(at));
      if (!times) return node;
      at += times[0].length;
      const [min, max] = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] }[times[0]] ?? [
        Number(times[1]),
        Number(times[2]),
      ];
      node = { kind: 'repeat', node, min: min ?? 0, max: max ?? 0 };
    }
  };
  const sequence = (): Node => {
    const nodes: Node[] = [];
    for (skip(); at < source.length && !'|)\n'.includes(source[at] ?? ''); skip()) nodes.push(item());
    return { kind: 'all', nodes };
  };
  const either = (): Node => {
    const nodes = [sequence()];
    while (source[at] === '|') {
      at++;
      nodes.push(sequence());
    }
    return { kind: 'any', nodes };
  };
  while (at < source.length) {
    if (source[at] === '\n') {
      at++;
      continue;
    }
    const name = /^([a-z][\w-]*) ::= /.exec(source.slice(at)) ?? fail();
    at += name[0].length;
    rules.set(name[1] ?? '', either());
  }

  /** All places in `text` at which a node may end that begins at one of `starts`. */
  const ends = (node: Node, text: string, starts: ReadonlySet<number>): Set<number> => {
    if (node.kind === 'rule') return ends(rules.get(node.name) ?? fail(), text, starts);
    if (node.kind === 'all')
      return node.nodes.reduce<Set<number>>((now, next) => ends(next, text, now), new Set(starts));
    if (node.kind === 'any') return new Set(node.nodes.flatMap((way) => [...ends(way, text, starts)]));
    if (node.kind === 'repeat') {
      const found = new Set<number>(node.min === 0 ? starts : []);
      let now: Set<number> = new Set(starts);
      for (let round = 1; round <= node.max && now.size > 0; round++) {
        const next = ends(node.node, text, now);
        now = new Set([...next].filter((place) => round < node.min || !found.has(place)));
        if (round >= node.min) for (const place of now) found.add(place);
      }
      return found;
    }
    const found = new Set<number>();
    for (const start of starts) {
      if (node.kind === 'text') {
        if (text.startsWith(node.text, start)) found.add(start + node.text.length);
        continue;
      }
      const code = text.codePointAt(start);
      if (code !== undefined && node.test(code)) found.add(start + (code > 0xffff ? 2 : 1));
    }
    return found;
  };
  return { accepts: (text) => ends({ kind: 'rule', name: 'root' }, text, new Set([0])).has(text.length) };
}
