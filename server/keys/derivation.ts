import { hkdfSync } from 'node:crypto';

/** Bytes of a root secret. */
export const SECRET_BYTES = 32;

/**
 * A key for one purpose, of a secret that is as random as it is long: HKDF-SHA-256 (RFC 5869) without a salt, the purpose
 * being its `info`. Who has one derived key knows nothing of the others.
 */
export const deriveKey = (secret: Buffer, purpose: string, bytes = 32): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `OSPAiN2 1 ${purpose}`, bytes));

/** The key of a database and its salt as SQLite takes them: 96 hexadecimal digits. `id` is that of a workspace, or `models`. */
export const databaseKey = (secret: Buffer, id: string): string =>
  deriveKey(secret, `database ${id}`, 48).toString('hex');
