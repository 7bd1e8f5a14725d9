import type { BrowserSession } from '../line/browserSession.ts';
import type { Line } from '../line/line.ts';
import { type Offline, openOffline } from './offline.ts';

/** What this browser keeps of the workspace, and the worker that keeps the page itself; undefined where there is nothing to keep it with. */
export async function openOfflineOf(session: BrowserSession, line: Line): Promise<Offline | undefined> {
  // There on loopback, as on https.
  navigator.serviceWorker?.register('./serviceWorker.js').catch(complain);
  const { workspace, proof } = session;
  // A browser that was not let in has nothing to keep.
  if (workspace === undefined || proof === '') return undefined;
  try {
    return await openOffline({
      ...{ workspace, line, now: Date.now, newId: () => crypto.randomUUID(), onTrouble: complain },
      onSession: session.onLook,
      alone: (run) => navigator.locks.request(`ospain2.outbox.${workspace}`, run),
    });
  } catch (thrown) {
    // A browser that keeps nothing, such as in a private window, shows the hub all the same.
    complain(thrown);
    return undefined;
  }
}

function complain(thrown: unknown): void {
  console.warn('What the hub keeps for being offline could not be kept.', thrown);
}
