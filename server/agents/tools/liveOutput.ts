/** Milliseconds between two events of output, and characters of it that one command streams. */
const EVERY = 500;
const MOST = 32_768;

/**
 * Hands on what a command says while it runs, in few pieces and up to a bound: each is a row of the log for good. `emit`
 * may fail, when the task is taken away; the command is ended by its signal then.
 */
export function createLiveOutput(
  emit: (text: string) => void,
  now: () => number,
): { tell(text: string): void; end(): void } {
  let waiting = '';
  let told = 0;
  let last = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    last = now();
    try {
      emit(text);
    } catch {
      told = MOST;
    }
  };
  return {
    tell(text) {
      if (told >= MOST) return;
      const room = MOST - told;
      told += text.length;
      waiting += text.length > room ? `${text.slice(0, room)}…\n` : text;
      if (now() - last >= EVERY) flush();
    },
    end: flush,
  };
}
