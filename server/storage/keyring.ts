import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { OspainError } from '../../protocol/index.ts';
import { busIsThere } from './sessionBus.ts';

/**
 * One secret in the operating system's keyring. Methods reject with `key_unavailable` when the keyring does not answer,
 * and with any other error when it cannot be used.
 */
export interface KeyringEntry {
  read(): Promise<string | null>;
  write(secret: string): Promise<void>;
  /** What is not there is as good as removed. */
  remove(): Promise<void>;
}

/** What the keyring program is asked: to keep the secret, to remove it for null, or, without either, which it keeps. */
export interface KeyringQuestion {
  service: string;
  account: string;
  secret?: string | null;
}

export type KeyringAnswer =
  /** There is a keyring; whether it gives the secret away may now be up to a person. */
  | { type: 'opened' }
  | { type: 'done'; secret: string | null }
  /** `ms`: how long it took. */
  | { type: 'failed'; ms: number };

/** Milliseconds. */
export interface Patience {
  /** Until there is a keyring at all; a service that has to be started first takes a second or two. */
  opening: number;
  /** After that: long enough for a person to type the keyring's password. */
  answering: number;
}

/** What all our secrets in keyrings belong to. */
export const KEYRING_SERVICE = 'ospain2';
const PATIENCE: Patience = { opening: 5000, answering: 60_000 };
/** A failure that took longer was no answer: the addon gives up on a silent service after 2 seconds. Milliseconds. */
const SILENCE = 1500;

const bundled = import.meta.url.endsWith('.js');
const PROGRAM = fileURLToPath(new URL(bundled ? 'keyring.js' : 'keyringProgram.ts', import.meta.url));

/** Undefined when this machine has no keyring that could keep secrets. */
export async function openKeyring(
  account: string,
  env: NodeJS.ProcessEnv = process.env,
  patience = PATIENCE,
): Promise<KeyringEntry | undefined> {
  if (process.platform === 'linux' && !(await busIsThere(env))) return undefined;
  const ask = (secret?: string | null) =>
    askProgram({ service: KEYRING_SERVICE, account, ...(secret === undefined ? {} : { secret }) }, env, patience);
  return {
    read: () => ask(),
    async write(secret) {
      await ask(secret);
    },
    async remove() {
      await ask(null);
    },
  };
}

function askProgram(question: KeyringQuestion, env: NodeJS.ProcessEnv, patience: Patience): Promise<string | null> {
  const child = spawn(process.execPath, [PROGRAM], {
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    windowsHide: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<string | null>();
  const late = () => reject(silent());
  let timer = setTimeout(late, patience.opening);
  child.on('message', (message) => {
    const answer = message as KeyringAnswer;
    if (answer.type === 'done') resolve(answer.secret);
    else if (answer.type === 'failed') reject(answer.ms >= SILENCE ? silent() : new Error('the keyring refused'));
    else {
      clearTimeout(timer);
      timer = setTimeout(late, patience.answering);
    }
  });
  child.once('error', reject);
  // Not `exit`, which may come before the last message.
  child.once('disconnect', () => reject(new Error('the keyring program ended without an answer')));
  child.send(question, (error) => {
    if (error !== null) reject(error);
  });
  return promise.finally(() => {
    clearTimeout(timer);
    child.kill('SIGKILL');
  });
}

const silent = (): OspainError =>
  new OspainError('key_unavailable', 'The keyring of the operating system did not answer.', {
    hint: 'Unlock it, or log in again, then try again. OSPAIN2_KEY_STORE=file keeps a new root secret in a file instead.',
  });
