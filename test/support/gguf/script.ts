import { spell } from './vocabulary.ts';

export interface Script {
  when?: string;
  answers: readonly string[];
}

/** A piece of text that becomes one token of a scripted model. */
export interface ScriptToken {
  bytes: Uint8Array;
  /** Stands for itself in plain text too: the end of an answer, or a `when`. */
  cue: boolean;
  /** Part of an answer; `next` is missing at its end. */
  answer: boolean;
  next?: ScriptToken;
}

/** After `token` was seen, the next turn begins with `start`. Later cues win. */
export interface Cue {
  token: ScriptToken;
  start: ScriptToken;
}

const MIN_TAIL = 8;

/** Cuts the answers of scripts into tokens of which no two are equal, and finds what leads from turn to turn. */
export function cutScripts(
  scripts: readonly Script[],
  pieceBytes?: number,
): { tokens: ScriptToken[]; cues: Cue[]; first: ScriptToken | undefined } {
  const answers = [...new Set(scripts.flatMap((script) => script.answers))];
  const used = new Set([spell(LINE_BREAK)]);
  const tokens: ScriptToken[] = [];
  const take = (token: ScriptToken) => {
    const name = nameOf(token);
    if (used.has(name)) throw new Error(`two tokens would be ${JSON.stringify(name)}: change the texts a little`);
    used.add(name);
    tokens.push(token);
    return token;
  };
  const cueToken = (text: string, answer: boolean) => take({ bytes: Buffer.from(text), cue: true, answer });

  const tails = new Map(answers.map((answer) => [answer, findTail(answer, answers)]));
  const whens = new Map(scripts.flatMap(({ when }) => (when === undefined ? [] : [[when, cueToken(when, false)]])));
  const chains = new Map(
    answers.map((answer) => {
      const tail = tails.get(answer) ?? '';
      const { pieces, rest } = cut(Buffer.from(answer.slice(0, answer.length - tail.length)), used, pieceBytes);
      const chain = pieces.map((bytes) => take({ bytes, cue: false, answer: true }));
      chain.push(cueToken(rest + tail, true));
      chain.forEach((token, index) => {
        const next = chain[index + 1];
        if (next !== undefined) token.next = next;
      });
      return [answer, chain] as const;
    }),
  );

  const chainOf = (answer: string | undefined) => chains.get(answer ?? '') ?? [];
  const cues = new Map<ScriptToken, ScriptToken>();
  const lead = (token: ScriptToken | undefined, start: ScriptToken | undefined) => {
    if (token === undefined || start === undefined) return;
    if ((cues.get(token) ?? start) !== start) throw new Error('an answer would have to lead to two different ones');
    cues.delete(token);
    cues.set(token, start);
  };
  for (const { when, answers } of scripts) {
    if (when !== undefined) lead(whens.get(when), chainOf(answers[0])[0]);
    answers.forEach((answer, index) => {
      lead(chainOf(answer).at(-1), chainOf(answers[index + 1] ?? answer)[0]);
    });
  }
  return {
    tokens,
    cues: [...cues].map(([token, start]) => ({ token, start })),
    first: chainOf(scripts.find(({ when }) => when === undefined)?.answers[0])[0],
  };
}

const LINE_BREAK = Buffer.from('\n');

/** Cues are spelled as they are, other tokens with stand-ins for bytes; no two may look alike in the file. */
const nameOf = ({ bytes, cue }: ScriptToken) => (cue ? Buffer.from(bytes).toString('utf8') : spell(bytes));

/** The shortest end of an answer that no other answer holds. */
function findTail(answer: string, answers: readonly string[]): string {
  if (answer === '') throw new Error('an answer is empty');
  const characters = [...answer];
  for (let length = Math.min(MIN_TAIL, characters.length); length <= characters.length; length++) {
    const tail = characters.slice(-length).join('');
    if (answers.every((other) => other === answer || !other.includes(tail))) return tail;
  }
  throw new Error(`the answer ${JSON.stringify(answer)} is part of another one`);
}

/** Pieces that are all new; a rest that is not becomes part of the answer's end. */
function cut(bytes: Buffer, used: ReadonlySet<string>, pieceBytes?: number): { pieces: Uint8Array[]; rest: string } {
  const here = new Set(used);
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const end of cutPoints(bytes, pieceBytes)) {
    const piece = bytes.subarray(start, end);
    if (here.has(spell(piece))) continue;
    here.add(spell(piece));
    pieces.push(piece);
    start = end;
  }
  // The end of an answer must be whole characters: give back pieces until it is.
  while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= pieces.pop()?.length ?? start;
  return { pieces, rest: bytes.subarray(start).toString('utf8') };
}

/** Where a piece may end: every so many bytes, or after each word. */
function cutPoints(bytes: Buffer, pieceBytes?: number): number[] {
  if (pieceBytes !== undefined)
    return Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, i) =>
      Math.min((i + 1) * pieceBytes, bytes.length),
    );
  const words = bytes.toString('latin1').matchAll(/\s*[^\s]+|\s+$/g);
  return Array.from(words, (word) => word.index + word[0].length);
}
