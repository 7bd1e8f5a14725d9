/** Rejects with `signal.reason` as soon as the signal aborts; the promise goes on without anyone who waits for it. */
export async function untilGivenUp<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const givenUp = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, givenUp]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
