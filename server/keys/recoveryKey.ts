import { randomBytes } from 'node:crypto';
import { OspainError } from '../../protocol/index.ts';
import { deriveKey } from './derivation.ts';
import { sealText, unsealText } from './sealing.ts';

/*
 * A recovery key is 160 bits of chance in Crockford's Base32 with its check symbol (https://www.crockford.com/base32.html):
 * 32 symbols in groups of four and the check symbol at the end. Small letters, blanks and hyphens make no difference, O is 0,
 * I and L are 1.
 */

const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHECKS = `${SYMBOLS}*~$=U`;
const BYTES = 20;
const LENGTH = (BYTES * 8) / 5;

export const newRecoveryKey = (): Buffer => randomBytes(BYTES);

/** Nine groups: `ABCD-EFGH-…-X`. */
export function showRecoveryKey(key: Buffer): string {
  const number = BigInt(`0x${key.toString('hex')}`);
  const symbols = Array.from(
    { length: LENGTH },
    (_, at) => SYMBOLS[Number((number >> BigInt(5 * (LENGTH - 1 - at))) & 31n)],
  );
  return [...(symbols.join('').match(/.{4}/g) ?? []), CHECKS[Number(number % 37n)]].join('-');
}

/** Throws `invalid_params` for what was not copied right. */
export function readRecoveryKey(typed: string): Buffer {
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  const values = [...text.slice(0, LENGTH)].map((symbol) => SYMBOLS.indexOf(symbol));
  const number = values.reduce((sum, value) => sum * 32n + BigInt(Math.max(value, 0)), 0n);
  if (text.length !== LENGTH + 1 || values.includes(-1) || CHECKS[Number(number % 37n)] !== text.at(-1))
    throw new OspainError('invalid_params', 'This is not a recovery key: it was not copied right.', {
      hint: `It has ${LENGTH / 4} groups of four and one sign at the end. Compare each group with what you wrote down.`,
    });
  return Buffer.from(number.toString(16).padStart(BYTES * 2, '0'), 'hex');
}

/** It is as random as it is long, so nothing has to make guessing slow. `name` is that of the secret. */
export const wrapByRecoveryKey = (secret: Buffer, name: string, key: Buffer): string =>
  sealText(deriveKey(key, 'recovery'), secret, `recovery ${name}`);

/** Undefined for another key. */
export const unwrapByRecoveryKey = (sealed: string, name: string, key: Buffer): Buffer | undefined =>
  unsealText(deriveKey(key, 'recovery'), sealed, `recovery ${name}`);
