/** Turns the tokens of an answer into text that may be shown: whole characters, and nothing of a stop text. */
export interface AnswerText {
  /** Text that is safe to show now; empty while a character or a possible stop text is incomplete. */
  push(token: number): string;
  /** What was held back, at the end of the answer. */
  finish(): string;
  /** The stop text that was reached; what follows is not part of the answer. */
  readonly stopped: string | null;
}

const REPLACEMENT = '\ufffd';
/** A character has at most four bytes, so no more tokens than that can wait for its rest. */
const MAX_INCOMPLETE = 4;
/** Earlier tokens that the tokenizer wants to see, to know whether a blank belongs between. */
const LOOK_BACK = 4;

export function createAnswerText(
  detokenize: (tokens: readonly number[], before: readonly number[]) => string,
  stops: readonly string[],
): AnswerText {
  let before: number[] = [];
  let incomplete: number[] = [];
  let held = '';
  let stopped: string | null = null;

  const release = (text: string, isLast: boolean): string => {
    held += text;
    stopped = firstStop(held, stops);
    const end =
      stopped !== null ? held.indexOf(stopped) : isLast ? held.length : held.length - possibleStop(held, stops);
    const shown = held.slice(0, end);
    held = stopped === null ? held.slice(end) : '';
    return shown;
  };

  const decode = (isLast: boolean): string => {
    const text = detokenize(incomplete, before);
    if (!isLast && text.endsWith(REPLACEMENT) && incomplete.length < MAX_INCOMPLETE) return '';
    before = [...before, ...incomplete].slice(-LOOK_BACK);
    incomplete = [];
    return text;
  };

  return {
    push(token) {
      if (stopped !== null) return '';
      incomplete.push(token);
      return release(decode(false), false);
    },
    finish: () => (stopped !== null ? '' : release(incomplete.length > 0 ? decode(true) : '', true)),
    get stopped() {
      return stopped;
    },
  };
}

function firstStop(text: string, stops: readonly string[]): string | null {
  const found = stops.filter((stop) => text.includes(stop));
  return found.sort((a, b) => text.indexOf(a) - text.indexOf(b))[0] ?? null;
}

/** Length of the longest end of `text` that could become a stop text. */
function possibleStop(text: string, stops: readonly string[]): number {
  const longest = Math.max(0, ...stops.map((stop) => stop.length - 1));
  for (let length = Math.min(longest, text.length); length > 0; length--)
    if (stops.some((stop) => stop.startsWith(text.slice(-length)))) return length;
  return 0;
}
