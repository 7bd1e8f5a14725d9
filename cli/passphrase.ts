import { readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { type Client, OspainError } from '../protocol/index.ts';
import type { Host } from './host.ts';

/** Times that a person may type a passphrase wrong. */
const TRIES = 3;

/** Unlocks a server with the passphrase of OSPAIN2_PASSPHRASE_FILE, or one that is typed. */
export async function unlock(host: Host, client: Client): Promise<void> {
  const filed = passphraseFile(host);
  for (let turn = 1; ; turn++) {
    const passphrase = filed ?? (await askSecret(host, 'Passphrase of OSPAiN2: '));
    try {
      await client.request('keys/unlock', { passphrase });
      return;
    } catch (thrown) {
      const isWrong = thrown instanceof OspainError && thrown.code === 'key_wrong';
      if (!isWrong || filed !== undefined || turn === TRIES) throw thrown;
      host.stderr.write(`${thrown.message}\n`);
    }
  }
}

/** What is asked of a person for one command: each secret after the other, from one place. */
export interface Secrets {
  /** The passphrase that is set. */
  current(question?: string): Promise<string>;
  /** A new one; on a terminal it is asked twice. */
  fresh(): Promise<string>;
  /** Anything else, such as a recovery key. */
  other(question: string): Promise<string>;
}

/** From the terminal, without an echo; elsewhere from the lines of standard input, in the order that they are asked in. */
export function createSecrets(host: Host): Secrets {
  let lines: Promise<string[]> | undefined;
  const next = async (question: string) => {
    if (host.stdin.isTTY === true) return askSecret(host, question);
    lines ??= readAll(host.stdin).then((all) => all.split(/\r?\n/));
    return (await lines).shift() ?? '';
  };
  return {
    current: async (question = 'Passphrase: ') => passphraseFile(host) ?? next(question),
    other: next,
    async fresh() {
      const passphrase = await next('New passphrase: ');
      if (host.stdin.isTTY === true && (await next('Once more: ')) !== passphrase)
        throw new OspainError('invalid_params', 'The two passphrases differ. Nothing was changed.');
      return passphrase;
    },
  };
}

/** Without the line break that an editor puts at its end. */
function passphraseFile({ env }: Host): string | undefined {
  const path = env['OSPAIN2_PASSPHRASE_FILE'];
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new OspainError('not_found', 'The file that OSPAIN2_PASSPHRASE_FILE names cannot be read.', { cause });
  }
}

/** Throws `key_locked` where nobody can be asked, and `cancelled` for Ctrl+C. */
async function askSecret({ stdin, stderr }: Host, question: string): Promise<string> {
  if (stdin.isTTY !== true || stderr.isTTY !== true || stdin.setRawMode === undefined)
    throw new OspainError('key_locked', 'OSPAiN2 is locked, and there is no terminal to ask for the passphrase on.', {
      hint: 'Unlock it in VS Code or with "ospain2 key unlock", or name a file that holds the passphrase in OSPAIN2_PASSPHRASE_FILE.',
    });
  stderr.write(question);
  stdin.setRawMode(true);
  try {
    return await typed(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

/** Until the line ends. Backspace takes the last character away, Ctrl+U all. */
function typed(stdin: NodeJS.ReadableStream): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let line: string[] = [];
  const onData = (data: Buffer | string) => {
    for (const sign of data.toString()) {
      if (sign === '\r' || sign === '\n') return resolve(line.join(''));
      if (sign === '\u0003' || sign === '\u0004') return reject(new OspainError('cancelled', 'Nothing was done.'));
      if (sign === '\u007f' || sign === '\b') line.pop();
      else if (sign === '\u0015') line = [];
      else if (sign >= ' ') line.push(sign);
    }
  };
  stdin.on('data', onData).resume();
  return promise.finally(() => stdin.off('data', onData));
}
