import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { OspainError } from '../../protocol/index.ts';
import { writePrivateFile } from '../storage/privateFile.ts';
import { codeOf, guarded } from '../storage/storageErrors.ts';
import { Base64 } from './base64.ts';
import { deriveKey } from './derivation.ts';
import { PassphraseWrap } from './passphrase.ts';
import { sealText, unsealText } from './sealing.ts';

/** Where a root secret may be by itself. */
export const PlainStore = z.enum(['keyring', 'file']);
export type PlainStore = z.infer<typeof PlainStore>;

/** Where a root secret lies: its name is what the keyring or its file is asked for. */
const SecretPlace = z.strictObject({ store: PlainStore, name: z.string().regex(/^[0-9a-f]{16}$/) });
export type SecretPlace = z.infer<typeof SecretPlace>;

/** `keys.json` of the data folder: how the root secret is kept. No secret stands in it in plain. */
const KeyFile = z.strictObject({
  format: z.literal('ospain2 keys 1'),
  /** Of the root secret; another one has another name. */
  name: SecretPlace.shape.name,
  store: z.enum(['keyring', 'file', 'passphrase']),
  passphrase: PassphraseWrap.nullable(),
  /** The root secret, sealed with the recovery key, when one was made. */
  recovery: Base64.nullable(),
  /** What is known besides, sealed with the root secret, together with all of the above. */
  former: Base64,
});
export type KeyFile = z.infer<typeof KeyFile>;
export type KeyFacts = Omit<KeyFile, 'format' | 'former'>;

const Hex96 = z.string().regex(/^[0-9a-f]{96}$/);

/** What earlier backups and databases that were not moved yet are read with. */
const Former = z.strictObject({
  /** Earlier root secrets, newest first. */
  secrets: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  /** Keys that databases had of their own, by workspace, or `models`. */
  own: z.record(z.string(), z.array(Hex96)),
  /** Where secrets are that nothing needs any more and that are still to be taken away. */
  leftovers: z.array(SecretPlace),
});
export type Former = z.infer<typeof Former>;

export const NOTHING_FORMER: Former = { secrets: [], own: {}, leftovers: [] };

/** Null where there is none. Throws `key_unavailable` for one that is not as it was written. */
export function readKeyFile(path: string): KeyFile | null {
  const text = guarded(() => textOf(path));
  if (text === null) return null;
  const file = parse(text);
  if (file === null || written(file) !== text || (file.store === 'passphrase') !== (file.passphrase !== null))
    throw damagedFile(path);
  return file;
}

export function writeKeyFile(path: string, secret: Buffer, facts: KeyFacts, former: Former): KeyFile {
  const file = { ...headerOf(facts), former: '' };
  file.former = sealText(keyOf(secret), Buffer.from(JSON.stringify(former)), JSON.stringify(headerOf(facts)));
  guarded(() => writePrivateFile(path, written(file)));
  return file;
}

/** Undefined where the secret is another, or the file was changed. */
export function readFormer(file: KeyFile, secret: Buffer): Former | undefined {
  const text = unsealText(keyOf(secret), file.former, JSON.stringify(headerOf(file)));
  return text && Former.parse(JSON.parse(text.toString()));
}

export const damagedFile = (path: string): OspainError =>
  new OspainError('key_unavailable', `${path} is damaged.`, {
    hint: 'Put a copy of it back. Nothing was changed, and nothing is readable without it.',
  });

/** In this order always: it is part of what is sealed. */
const headerOf = ({ name, store, passphrase, recovery }: KeyFacts): Omit<KeyFile, 'former'> => ({
  ...{ format: 'ospain2 keys 1', name, store },
  passphrase: passphrase && PassphraseWrap.parse(passphrase),
  recovery,
});

const written = (file: KeyFile): string => `${JSON.stringify({ ...headerOf(file), former: file.former }, null, 2)}\n`;

const keyOf = (secret: Buffer): Buffer => deriveKey(secret, 'keys.json');

function parse(text: string): KeyFile | null {
  try {
    return KeyFile.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}
