import { randomBytes } from 'node:crypto';
import { argon2id } from 'hash-wasm';
import { z } from 'zod';
import { OspainError } from '../../protocol/index.ts';
import { Base64 } from './base64.ts';
import { sealText, unsealText } from './sealing.ts';

/** How much work Argon2id makes of a passphrase. They stand in the file, so that they can grow. */
export const PassphraseCost = z.strictObject({
  /** KiB of memory; a file from outside must not take all there is. */
  memoryKib: z.int().min(8).max(4_194_304),
  passes: z.int().min(1).max(1000),
  lanes: z.int().min(1).max(64),
});
export type PassphraseCost = z.infer<typeof PassphraseCost>;

/** The second recommended option of RFC 9106, section 4. */
export const RECOMMENDED: PassphraseCost = { memoryKib: 65_536, passes: 3, lanes: 4 };

/** The root secret, sealed with a key that Argon2id (RFC 9106) makes of a passphrase. */
export const PassphraseWrap = z.strictObject({
  kdf: z.literal('argon2id'),
  ...PassphraseCost.shape,
  salt: Base64,
  sealed: Base64,
});
export type PassphraseWrap = z.infer<typeof PassphraseWrap>;

/** Characters. Longer than what NIST SP 800-63B-4 asks of a password beside another factor, since a thief of the disk may try for years. */
export const SHORTEST = 12;

/** As people type it on any keyboard: NFKC. Throws `invalid_params` for one that protects nothing. */
export function goodPassphrase(typed: string): string {
  const passphrase = typed.normalize('NFKC');
  const { length } = [...passphrase];
  if (length >= SHORTEST && new Set(passphrase).size > 3) return passphrase;
  throw new OspainError(
    'invalid_params',
    length === 0 ? 'The passphrase is empty.' : 'The passphrase is too easy to guess.',
    { hint: `Take at least ${SHORTEST} characters: four or five words that nobody would put together are good.` },
  );
}

/** `name` is that of the secret. */
export async function wrapByPassphrase(
  secret: Buffer,
  name: string,
  passphrase: string,
  cost: PassphraseCost,
): Promise<PassphraseWrap> {
  const header = { kdf: 'argon2id' as const, ...cost, salt: randomBytes(16).toString('base64') };
  const key = await stretch(goodPassphrase(passphrase), header);
  try {
    return { ...header, sealed: sealText(key, secret, headerText(name, header)) };
  } finally {
    key.fill(0);
  }
}

/** Undefined for another passphrase, and for a wrap that is not as it was made: nobody can tell these apart. */
export async function unwrapByPassphrase(
  { sealed, ...header }: PassphraseWrap,
  name: string,
  passphrase: string,
): Promise<Buffer | undefined> {
  const key = await stretch(passphrase.normalize('NFKC'), header);
  try {
    return unsealText(key, sealed, headerText(name, header));
  } finally {
    key.fill(0);
  }
}

type Header = Omit<PassphraseWrap, 'sealed'>;

const headerText = (name: string, header: Header): string =>
  `passphrase ${name} ${header.kdf} ${header.memoryKib} ${header.passes} ${header.lanes} ${header.salt}`;

/** Holds this thread for a third of a second as recommended. */
async function stretch(password: string, { memoryKib, passes, lanes, salt }: Header): Promise<Buffer> {
  if (password === '') return Buffer.alloc(32);
  const key = await argon2id({
    password,
    salt: Buffer.from(salt, 'base64'),
    ...{ memorySize: memoryKib, iterations: passes, parallelism: lanes },
    hashLength: 32,
    outputType: 'binary',
  });
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength);
}
