import { errorCodes, type KeyStatus, type KeysMoved, OspainError } from '../protocol/index.ts';
import { ask } from './ask.ts';
import { createSecrets, unlock } from './passphrase.ts';
import type { Context } from './taskCommands.ts';
import { plain, plural, table } from './text.ts';

export async function status({ link, screen }: Context): Promise<number> {
  const { client } = await link.open();
  const { status } = await client.request('keys/status', {});
  screen.data({ keys: status });
  screen.print(statusText(status));
  return 0;
}

export async function unlockServer({ host, link, screen }: Context): Promise<number> {
  const { client, attached } = await link.open();
  const { status } = await client.request('keys/status', {});
  if (status.state === 'locked') await unlock(host, client);
  if (status.state === 'missing') throw closed(status);
  screen.data({ keys: (await client.request('keys/status', {})).status });
  screen.print(
    attached ? 'It is unlocked.' : 'The passphrase is right. No server was running, so none is unlocked now.',
  );
  return 0;
}

export async function lock({ link, screen }: Context): Promise<number> {
  const { client } = await link.open();
  const { status } = await client.request('keys/lock', {});
  screen.data({ keys: status });
  screen.print('It is locked. What ran is parked, and goes on when it is unlocked.');
  return 0;
}

export async function setPassphrase(context: Context): Promise<number> {
  const { client, secrets } = await open(context);
  const passphrase = await secrets.fresh();
  return moved(context, await client.request('keys/setPassphrase', { passphrase }), 'The passphrase is set.');
}

export async function changePassphrase(context: Context): Promise<number> {
  const { client, secrets } = await open(context);
  const passphrase = await secrets.current();
  const { status } = await client.request('keys/changePassphrase', { passphrase, next: await secrets.fresh() });
  context.screen.data({ keys: status });
  context.screen.print(
    'The passphrase is changed. A copy of keys.json from before opens with the old one still: where that was seen, also run "ospain2 key rotate".',
  );
  return 0;
}

export async function useStore(context: Context, place: string): Promise<number> {
  const { client, proof } = await open(context);
  const store = placeOf(place);
  const result = await client.request('keys/useStore', { ...(await proof()), store });
  return moved(context, result, `The root secret is ${KEPT[result.status.store ?? 'file']} now.`);
}

export async function rotate(context: Context, { finish = false }: { finish?: boolean }): Promise<number> {
  const { client, proof } = await open(context);
  const result = await client.request('keys/rotate', { ...(finish ? {} : await proof()), finish });
  return moved(context, result, finish ? 'Looked for databases with earlier keys.' : 'The root secret is a new one.');
}

export async function createRecovery(context: Context): Promise<number> {
  const { client, proof } = await open(context);
  const { recoveryKey } = await client.request('keys/createRecovery', await proof());
  context.screen.data({ recoveryKey });
  context.screen.print(
    `${recoveryKey}\n\nWrite it down and keep it apart from this machine: it is not shown again. With keys.json and the data\nfolder it opens everything. An earlier recovery key is worth nothing now.`,
  );
  return 0;
}

export async function recover(context: Context, { store }: { store?: string }): Promise<number> {
  const { host, link } = context;
  const { client } = await link.open();
  const secrets = createSecrets(host);
  const recoveryKey = await secrets.other('Recovery key: ');
  const keep =
    store === undefined
      ? { store: 'passphrase' as const, passphrase: await secrets.fresh() }
      : { store: placeOf(store) };
  return moved(context, await client.request('keys/recover', { recoveryKey, keep }), 'The root secret is recovered.');
}

export async function setAside(context: Context, { yes = false }: { yes?: boolean }): Promise<number> {
  const { host, link, screen } = context;
  const question = 'Rename every database that no key opens any more, and start with empty ones? Nothing is deleted.';
  if (!yes && !(await ask(host, question))) {
    screen.warn('Nothing was done.');
    return errorCodes.cancelled.exit;
  }
  const { client } = await link.open();
  const { moved } = await client.request('keys/setAside', { confirm: 'start afresh' });
  for (const file of moved) screen.data({ setAside: file });
  screen.print(
    moved.length === 0
      ? 'Every database opens; nothing was moved.'
      : [
          'Set aside:',
          ...moved.map(({ to }) => `  ${plain(to)}`),
          'Under their old names, with their key, they open again.',
        ].join('\n'),
  );
  return 0;
}

/** A session whose server is unlocked, and what is asked of the person where a passphrase is set. */
async function open({ host, link }: Context) {
  const { client } = await link.open();
  const secrets = createSecrets(host);
  const { status } = await client.request('keys/status', {});
  if (status.state === 'missing') throw closed(status);
  let known: string | undefined;
  if (status.state === 'locked') {
    known = await secrets.current();
    await client.request('keys/unlock', { passphrase: known });
  }
  const current = async () => {
    known ??= await secrets.current();
    return known;
  };
  return {
    client,
    secrets: { ...secrets, current },
    proof: async () => (status.store === 'passphrase' ? { passphrase: await current() } : {}),
  };
}

function moved({ screen }: Context, result: KeysMoved, done: string): number {
  const { moved, left, recoveryLost } = result;
  screen.data({ moved: result });
  screen.print(moved === 0 ? done : `${done} ${plural(moved, 'database')} got a new key.`);
  for (const { path, code } of left)
    screen.warn(`${plain(path)} keeps its key for now (${code}); it gets the new one when its folder is opened next.`);
  if (recoveryLost) screen.warn('The recovery key is worth nothing now. Make another one: ospain2 key recovery');
  return 0;
}

function placeOf(place: string): 'auto' | 'keyring' | 'file' {
  if (place === 'auto' || place === 'keyring' || place === 'file') return place;
  throw new OspainError('invalid_params', `${JSON.stringify(place)} is no place for a secret.`, {
    hint: 'It is keyring or file; "ospain2 key passphrase set" sets a passphrase.',
  });
}

const closed = ({ problem, path }: KeyStatus): OspainError =>
  new OspainError('key_unavailable', problem ?? `${path} cannot be read.`, {
    hint: 'ospain2 key recover uses the recovery key; ospain2 key set-aside starts afresh and keeps what is there.',
  });

const KEPT: Readonly<Record<NonNullable<KeyStatus['store']>, string>> = {
  keyring: 'in the keyring of the system',
  file: 'in a file that only you can read',
  passphrase: 'under a passphrase',
};

function statusText(status: KeyStatus): string {
  const { state, store, path, cost, recovery, lockAfterMinutes, behind, problem } = status;
  const rows: string[][] = [
    ['state', problem === null ? state : `${state}: ${problem}`],
    ['root secret', store === null ? 'unknown' : KEPT[store]],
    ['described in', plain(path)],
    ['recovery key', recovery ? 'made' : 'none: ospain2 key recovery'],
  ];
  if (cost !== null)
    rows.push(
      ['passphrase', `Argon2id, ${cost.memoryKib / 1024} MiB, ${cost.passes} passes, ${cost.lanes} lanes`],
      ['locks', lockAfterMinutes === 0 ? 'only when asked to' : `after ${plural(lockAfterMinutes, 'idle minute')}`],
    );
  const old = (behind ?? []).map((database) => ['earlier key', plain(database)]);
  return [...table([...rows, ...old])].join('\n');
}
