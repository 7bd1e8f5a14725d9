import '../../guard/ofWorker.ts';

import { Entry } from '@napi-rs/keyring';
import { KEYRING_SERVICE, type KeyringAnswer, type KeyringQuestion } from './keyring.ts';

/*
 * Asks the operating system's keyring one thing and ends. A process of its own, since the addon holds its thread until
 * the keyring answers: for 25 seconds, or without end. The secret goes over the channel to the parent, never through
 * arguments or the environment.
 *   keyring.js --forget ACCOUNT…      for uninstallers: removes what is kept under these names
 */

const tell = (answer: KeyringAnswer) =>
  new Promise<void>((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(answer, () => resolve());
  });

async function ask({ service, account, secret }: KeyringQuestion): Promise<void> {
  const began = performance.now();
  try {
    // On Linux the Secret Service and nothing else: the addon would otherwise fall back to the kernel's key store
    // without a word, and that one is empty after a restart of the machine, with it the key and all that it opens.
    const entry = new Entry(service, account, { linux: { store: 'secret-service' } });
    await tell({ type: 'opened' });
    if (secret === null) entry.deletePassword();
    else if (secret !== undefined) entry.setPassword(secret);
    await tell({ type: 'done', secret: secret === undefined ? entry.getPassword() : secret });
  } catch {
    await tell({ type: 'failed', ms: performance.now() - began });
  }
  process.disconnect?.();
}

function forget(accounts: readonly string[]): void {
  for (const account of accounts)
    try {
      new Entry(KEYRING_SERVICE, account, { linux: { store: 'secret-service' } }).deletePassword();
    } catch {
      // What is not there need not go.
    }
}

const [, , option, ...accounts] = process.argv;
if (option === '--forget') forget(accounts);
else process.once('message', (question) => void ask(question as KeyringQuestion));
