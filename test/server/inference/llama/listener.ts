import type { Listener } from '../../../../server/inference/llama/pace.ts';

/** A listener that may be cancelled and keeps what it heard. */
export function listen(onText: (text: string) => void = () => {}): Listener & { cancel(): void; text(): string } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isCancelled = false;
  let heard = '';
  return {
    isCancelled: () => isCancelled,
    cancelled: promise,
    onText: (text) => {
      heard += text;
      onText(text);
    },
    cancel: () => {
      isCancelled = true;
      resolve();
    },
    text: () => heard,
  };
}
