import { setTimeout as sleep } from 'node:timers/promises';
import { busSpeaks } from './sessionBus.ts';

/** One secret in the operating system's keyring. Methods reject when the keyring cannot be used. */
export interface KeyringEntry {
  read(): Promise<string | null>;
  write(secret: string): Promise<void>;
}

const SERVICE = 'ospain2';
/** Long enough for a person to type the keyring's password. Milliseconds. */
const PATIENCE = 60_000;

/**
 * Undefined when this machine has no keyring that keeps secrets. On Linux that is the Secret Service and nothing else:
 * the addon would otherwise fall back to the kernel's key store without a word, and that one is empty after a restart
 * of the machine, with it the key and all that it opens.
 */
export async function openKeyring(
  account: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<KeyringEntry | undefined> {
  try {
    if (process.platform === 'linux' && !(await busSpeaks(env))) return undefined;
    const { AsyncEntry } = await import('@napi-rs/keyring');
    const entry = new AsyncEntry(SERVICE, account, { linux: { store: 'secret-service' } });
    return {
      read: async () => (await patiently(entry.getPassword())) ?? null,
      write: (secret) => patiently(entry.setPassword(secret)),
    };
  } catch {
    return undefined;
  }
}

/** A keyring that nobody unlocks must not keep the server from saying so. */
async function patiently<T>(answer: Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = sleep(PATIENCE, undefined, { signal: done.signal }).then(() => {
    throw new Error(`the keyring did not answer within ${PATIENCE / 1000} seconds`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    done.abort();
  }
}
