/** Turns the tokens of an answer into text that may be shown: whole characters, and nothing of a stop text. */
export interface AnswerText {
  /** Text that is safe to show now; empty while a character or a possible stop text is incomplete. */
  push(token: number): string;
  /** What was held back, at the end of the answer. */
  finish(): string;
  /** A stop text was reached; what follows is not part of the answer. */
  readonly stopped: boolean;
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
  let stopped = false;

  const release = (text: string, isLast: boolean): string => {
    held += text;
    const cut = firstStop(held, stops);
    if (cut >= 0) stopped = true;
    const end = cut >= 0 ? cut : isLast ? held.length : held.length - possibleStop(held, stops);
    const shown = held.slice(0, end);
    held = stopped ? '' : held.slice(end);
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
      if (stopped) return '';
      incomplete.push(token);
      return release(decode(false), false);
    },
    finish: () => (stopped ? '' : release(incomplete.length > 0 ? decode(true) : '', true)),
    get stopped() {
      return stopped;
    },
  };
}

function firstStop(text: string, stops: readonly string[]): number {
  const found = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

/** Length of the longest end of `text` that could become a stop text. */
function possibleStop(text: string, stops: readonly string[]): number {
  const longest = Math.max(0, ...stops.map((stop) => stop.length - 1));
  for (let length = Math.min(longest, text.length); length > 0; length--)
    if (stops.some((stop) => stop.startsWith(text.slice(-length)))) return length;
  return 0;
}
