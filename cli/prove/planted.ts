import { randomInt } from 'node:crypto';

/** Random texts that a proof puts wherever a person's words go. Nothing else on the machine holds them. */
export interface Planted {
  /** Name of a constant in a file of its own (`filesOf`), which the task names and the model writes. */
  constant: string;
  /**
   * Others stand by: the embedded model misspells one in fifty of such names, and one in twenty behind the comment, which the file of
   * the first alone has.
   */
  secondConstant: string;
  thirdConstant: string;
  fourthConstant: string;
  /** In the first of the files. */
  comment: string;
  question: string;
  note: string;
  /** Name of a model. */
  model: string;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Letters alone, so that no form of writing changes them. */
export function plantTexts(random: (below: number) => number = randomInt): Planted {
  const word = (length: number) => Array.from({ length }, () => LETTERS[random(LETTERS.length)]).join('');
  const constant = () => `${word(10).toUpperCase()}_MAX`;
  return {
    constant: constant(),
    secondConstant: constant(),
    thirdConstant: constant(),
    fourthConstant: constant(),
    comment: word(20),
    question: word(20),
    note: word(20),
    model: word(16),
  };
}

/** What the files of the constants are called, which is no secret, by the constant. */
export const filesOf = (planted: Planted): Map<string, string> =>
  new Map(
    [planted.constant, planted.secondConstant, planted.thirdConstant, planted.fourthConstant].map((constant, at) => [
      constant,
      `src/limits${at + 1}.ts`,
    ]),
  );

/** A way in which a text may lie in a file. */
export interface Form {
  name: string;
  bytes: Buffer;
}

/** In these forms a text is searched for; what packs it besides is looked into (`unpacked.ts`). */
export function formsOf(text: string): Form[] {
  const bytes = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  return [
    { name: 'UTF-8', bytes },
    { name: 'UTF-16', bytes: utf16 },
    { name: 'UTF-16 BE', bytes: Buffer.from(utf16).swap16() },
    // A text as llama.cpp and others write tokens: a number of four bytes for each letter.
    { name: 'UTF-32', bytes: Buffer.from(Int32Array.from(bytes).buffer) },
    { name: 'hexadecimal', bytes: Buffer.from(bytes.toString('hex')) },
    { name: 'hexadecimal', bytes: Buffer.from(bytes.toString('hex').toUpperCase()) },
    ...[0, 1, 2].map((before) => ({ name: 'base64', bytes: Buffer.from(base64Behind(bytes, before)) })),
  ];
}

/** What base64 (RFC 4648) makes of a text behind so many other bytes, as far as these do not change it. */
function base64Behind(bytes: Buffer, before: number): string {
  const all = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const clean = Math.floor(((before + bytes.length) * 8) / 6);
  return all.slice(Math.ceil((before * 8) / 6), clean);
}
