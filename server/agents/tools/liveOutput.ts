/** Milliseconds between two events of output, and characters of it that one command streams. */
const EVERY = 500;
const MOST = 32_768;

/**
 * Hands on what a command says while it runs, in few pieces and up to a bound: each is a row of the log for good. `emit`
 * may fail, when the task is taken away; the command is ended by its signal then.
 */
export function createLiveOutput(
  emit: (text: string) => void,
  { now, hide }: { now: () => number; hide(text: string): Promise<string> },
): { tell(text: string): void; end(): Promise<void> } {
  let waiting = '';
  let before: Promise<void> = Promise.resolve();
  let told = 0;
  let isOver = false;
  let last = Number.NEGATIVE_INFINITY;
  const flush = (ready: number): void => {
    if (ready === 0) return;
    const text = waiting.slice(0, ready);
    waiting = waiting.slice(ready);
    last = now();
    before = before.then(async () => {
      if (isOver) return;
      try {
        emit(await hide(text));
      } catch {
        isOver = true;
      }
    });
  };
  return {
    tell(text) {
      if (isOver || told >= MOST) return;
      const room = MOST - told;
      told += text.length;
      waiting += text.length > room ? `${text.slice(0, room)}…\n` : text;
      if (now() - last >= EVERY) flush(readyIn(waiting));
    },
    async end() {
      flush(waiting.length);
      await before;
    },
  };
}

/** Whole lines, and of a key that is in several none before the last: cut in two, nobody would know it for one. */
function readyIn(text: string): number {
  const lines = text.lastIndexOf('\n') + 1;
  const key = text.lastIndexOf('-----BEGIN ');
  const isCut = key >= 0 && !/-----END [^\n]*\n/.test(text.slice(key));
  return isCut ? Math.min(lines, key) : lines;
}
