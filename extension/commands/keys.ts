import * as vscode from 'vscode';
import type { Client } from '../../protocol/client.ts';
import type { KeyStatus, KeysMoved } from '../../protocol/keys.ts';
import { plural, t } from '../../protocol/words.ts';
import { problemOf } from '../problem.ts';
import { type Command, connected } from './command.ts';

export const keyCommands: Readonly<Record<string, Command>> = {
  /** Asks for the passphrase until it is right or the person gives up; a program may give it. */
  'ospain2.key.unlock': connected(async ({ client }, argument) => {
    if (typeof argument === 'string') return (await client.request('keys/unlock', { passphrase: argument })).status;
    const { status } = await client.request('keys/status', {});
    if (status.state !== 'locked') return status;
    return askUntilRight(t('Unlock OSPAiN2'), async (passphrase) => {
      const unlocked = await client.request('keys/unlock', { passphrase });
      vscode.window.setStatusBarMessage(t('OSPAiN2 is unlocked.'), 5000);
      return unlocked.status;
    });
  }),

  'ospain2.key.lock': connected(async ({ client }) => (await client.request('keys/lock', {})).status),

  'ospain2.key.setPassphrase': connected(async ({ client }) => {
    const passphrase = await askNew();
    if (passphrase === undefined) return;
    tellMoved(t('The passphrase is set.'), await working(client.request('keys/setPassphrase', { passphrase })));
  }),

  'ospain2.key.changePassphrase': connected(async ({ client }) => {
    const passphrase = await askSecret(t('Change Passphrase'), t('The passphrase as it is now'));
    const next = passphrase === undefined ? undefined : await askNew();
    if (passphrase === undefined || next === undefined) return;
    await client.request('keys/changePassphrase', { passphrase, next });
    void vscode.window.showInformationMessage(t('The passphrase is changed.'));
  }),

  'ospain2.key.removePassphrase': connected(async ({ client }) => {
    const proof = await prove(client);
    if (proof === undefined) return;
    const result = await working(client.request('keys/useStore', { ...proof, store: 'auto' }));
    tellMoved(
      result.status.store === 'keyring'
        ? t('The root secret is in the keyring of the system now.')
        : t('The root secret is in a file now: whoever can read your files can read it.'),
      result,
    );
  }),

  'ospain2.key.rotate': connected(async ({ client }) => {
    const rotate = t('Rotate');
    const detail = t('Every database gets a new key. Other windows close theirs for that moment.');
    const question = t('Make a new root secret?');
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, rotate)) !== rotate) return;
    const proof = await prove(client);
    if (proof === undefined) return;
    tellMoved(t('The root secret is a new one.'), await working(client.request('keys/rotate', proof)));
  }),

  'ospain2.key.createRecovery': connected(async ({ client }) => {
    const proof = await prove(client);
    if (proof === undefined) return;
    const { recoveryKey } = await client.request('keys/createRecovery', proof);
    const copy = t('Copy');
    const detail = t(
      'Write it down and keep it apart from this machine: it is not shown again. An earlier one is worth nothing now.',
    );
    if ((await vscode.window.showInformationMessage(recoveryKey, { modal: true, detail }, copy)) === copy)
      await vscode.env.clipboard.writeText(recoveryKey);
  }),

  'ospain2.key.recover': connected(async ({ client }) => {
    const recoveryKey = await askSecret(t('Use Recovery Key'), t('The recovery key that you wrote down'));
    const passphrase = recoveryKey === undefined ? undefined : await askNew();
    if (recoveryKey === undefined || passphrase === undefined) return;
    const keep = { store: 'passphrase', passphrase } as const;
    tellMoved(t('The passphrase is set.'), await working(client.request('keys/recover', { recoveryKey, keep })));
  }),

  'ospain2.key.setAside': connected(async ({ client }) => {
    const start = t('Start Afresh');
    const detail = t('Databases that no key opens any more are renamed, with the date. Nothing is deleted.');
    const question = t('Start afresh without what cannot be opened?');
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, start)) !== start) return;
    const { moved } = await working(client.request('keys/setAside', { confirm: 'start afresh' }));
    const where = moved.map(({ to }) => to).join('\n');
    void vscode.window.showInformationMessage(
      moved.length === 0 ? t('Every database opens; nothing was moved.') : t('Set aside: {0}', where),
    );
  }),
};

async function askUntilRight(
  title: string,
  use: (passphrase: string) => Promise<KeyStatus>,
): Promise<KeyStatus | undefined> {
  for (let prompt = t('The passphrase of OSPAiN2'); ; ) {
    const passphrase = await askSecret(title, prompt);
    if (passphrase === undefined) return undefined;
    try {
      return await use(passphrase);
    } catch (thrown) {
      const { code, message } = problemOf(thrown);
      if (code !== 'key_wrong') throw thrown;
      prompt = message;
    }
  }
}

/** What is typed is not shown. */
const askSecret = (title: string, prompt: string): Thenable<string | undefined> =>
  vscode.window.showInputBox({ title, prompt, password: true, ignoreFocusOut: true });

/** Twice, so that nobody is locked out by a slip; the server says whether it is good. */
async function askNew(): Promise<string | undefined> {
  const hint = t('At least 12 characters: four or five words that nobody would put together are good.');
  const passphrase = await askSecret(t('New Passphrase'), hint);
  if (passphrase === undefined) return undefined;
  const again = await vscode.window.showInputBox({
    ...{ title: t('New Passphrase'), prompt: t('Once more'), password: true, ignoreFocusOut: true },
    validateInput: (typed) => (typed === passphrase ? undefined : t('The two differ.')),
  });
  return again === undefined ? undefined : passphrase;
}

/** What shows that the person is the one who set the passphrase; undefined when they gave up. */
async function prove(client: Client): Promise<{ passphrase?: string } | undefined> {
  const { status } = await client.request('keys/status', {});
  if (status.store !== 'passphrase') return {};
  const passphrase = await askSecret('OSPAiN2', t('The passphrase as it is now'));
  return passphrase === undefined ? undefined : { passphrase };
}

const working = <T>(work: Promise<T>): Thenable<T> => {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title: t('Databases get their new keys') }, () => work);
};

function tellMoved(done: string, { moved, left, recoveryLost }: KeysMoved): void {
  const said = [
    done,
    ...(moved > 0 ? [plural('{0} database got a new key.|{0} databases got a new key.', moved)] : []),
    ...(left.length > 0 ? [t('The others get it when their folder is opened next.')] : []),
    ...(recoveryLost ? [t('The recovery key is worth nothing now: make another one.')] : []),
  ];
  void vscode.window.showInformationMessage(said.join(' '));
}
