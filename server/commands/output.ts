/** Characters of one line that are kept back until it ends. */
const LONGEST_LINE = 4096;

/** Bytes of output after which a command is ended: nobody reads as much. */
export const MAX_OUTPUT = 67_108_864;

export interface Output {
  push(bytes: Uint8Array): void;
  /** Takes in what had no end of line; nothing is pushed after it. */
  end(): void;
  /** The beginning and the end of what was said, with a line between them that says how much is missing. */
  text(): string;
  /** Bytes that were pushed. */
  readonly size: number;
}

/**
 * Collects what a program says, as plain text of at most about `limit` characters: invalid UTF-8 is replaced, colours and
 * other control characters go, and of a line that was written over (a progress bar) the last state stays. `onText` is told each finished
 * line as it comes.
 */
export function createOutput({ limit, onText }: { limit: number; onText?: (text: string) => void }): Output {
  const decoder = new TextDecoder();
  const half = Math.floor(limit / 2);
  let size = 0;
  let pending = '';
  let head = '';
  let tail = '';
  let missing = 0;

  const take = (text: string): void => {
    onText?.(text);
    // Once anything is in the tail, all that follows is.
    const room = tail === '' && missing === 0 ? half - head.length : 0;
    const end = text.length <= room ? text.length : text.lastIndexOf('\n', room - 1) + 1;
    const kept = room > 0 ? end : 0;
    head += text.slice(0, kept);
    tail += text.slice(kept);
    // Cut now and then, not for each line.
    if (tail.length > 2 * limit) cutTail();
  };
  const cutTail = (): void => {
    if (tail.length <= half) return;
    const end = tail.indexOf('\n', tail.length - half) + 1;
    const from = end > 0 && end < tail.length ? end : tail.length - half;
    missing += from;
    tail = tail.slice(from);
  };
  const takeLines = (): void => {
    const last = pending.lastIndexOf('\n') + 1;
    if (last > 0) take(pending.slice(0, last).split('\n').map(plain).join('\n'));
    pending = pending.slice(last);
    if (pending.length <= LONGEST_LINE) return;
    take(plain(pending));
    pending = '';
  };

  return {
    push(bytes) {
      size += bytes.length;
      pending += decoder.decode(bytes, { stream: true });
      takeLines();
    },
    end() {
      pending += decoder.decode();
      takeLines();
      if (pending !== '') take(plain(pending));
      pending = '';
    },
    text() {
      if (head.length + tail.length > limit || missing > 0) cutTail();
      if (missing === 0) return head + tail;
      return `${head}${head === '' || head.endsWith('\n') ? '' : '\n'}… ${missing} characters left out …\n${tail}`;
    },
    get size() {
      return size;
    },
  };
}

/** Escape sequences of ECMA-48: commands with parameters, strings up to their terminator, and single ones. */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g;
/** Others than tab, and what turns the direction of text or cannot be seen. */
const CONTROLS = /[^\P{Cc}\t]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** One line without its end. */
function plain(line: string): string {
  const text = line.replace(SEQUENCES, '').replace(/\r+$/, '');
  return text.slice(text.lastIndexOf('\r') + 1).replace(CONTROLS, '');
}
