import type { Call } from '../dispatch.ts';

/** Bytes between two messages. */
const STEP = 64 << 20;

/** Tells the caller alone how far its request is: at every step, and at the end. */
export function progressOf(requestId: string | null = null, { notify }: Call): (done: number, total: number) => void {
  let told = 0;
  return (done, total) => {
    if (done - told < STEP && done < total) return;
    told = done;
    notify({ method: 'model/didProgress', params: { requestId, done, total } });
  };
}
