import { z } from 'zod';

/** How the root secret is kept. `file` is weaker: whoever reads the home folder reads it. */
export const KeyStore = z.enum(['keyring', 'file', 'passphrase']);
export type KeyStore = z.infer<typeof KeyStore>;

/** `missing`: the root secret is not where it should be, or the file that says where is damaged. */
export const KeyState = z.enum(['open', 'locked', 'missing']);
export type KeyState = z.infer<typeof KeyState>;

const Passphrase = z.string().max(1024);

export const KeyStatus = z.object({
  state: KeyState,
  /** Null where it cannot be read. */
  store: KeyStore.nullable(),
  /** Absolute path of `keys.json`. */
  path: z.string(),
  /** What Argon2id makes of the passphrase. */
  cost: z.object({ memoryKib: z.number().int(), passes: z.number().int(), lanes: z.number().int() }).nullable(),
  /** Whether a recovery key was made that still holds. */
  recovery: z.boolean(),
  /** Minutes without a request of a person after which it locks itself; 0 is never. */
  lockAfterMinutes: z.number().int(),
  /** Databases that have another key than the root secret gives them; they are moved when a server of theirs starts. Null while it is not open. */
  behind: z.array(z.string()).nullable(),
  /** Why it is not open. */
  problem: z.string().nullable(),
});
export type KeyStatus = z.infer<typeof KeyStatus>;

/** What became of the databases when the root secret was replaced; those that are left keep their key for now. */
const Moved = z.object({
  status: KeyStatus,
  moved: z.number().int(),
  left: z.array(z.object({ path: z.string(), code: z.string() })),
  /** Whether there was a recovery key, which is worth nothing now. */
  recoveryLost: z.boolean(),
});
export type KeysMoved = z.infer<typeof Moved>;

/** `passphrase` is the one that is set, where one is: the person at the keyboard need not be the one who unlocked it. */
const Proof = z.object({ passphrase: Passphrase.optional() });
const Status = z.object({ status: KeyStatus });

export const keyMethods = {
  /** Answered in every state. */
  'keys/status': { params: z.object({}), result: Status },
  'keys/unlock': { params: z.object({ passphrase: Passphrase }), result: Status },
  /** Parks what runs, closes the databases and wipes the root secret from memory; only where a passphrase is set. */
  'keys/lock': { params: z.object({}), result: Status },
  /** Sets a passphrase where there is none: all databases get new keys, since the secret was readable until now. */
  'keys/setPassphrase': { params: z.object({ passphrase: Passphrase }), result: Moved },
  'keys/changePassphrase': { params: z.object({ passphrase: Passphrase, next: Passphrase }), result: Status },
  /** Keeps a new root secret elsewhere: all databases get new keys. */
  'keys/useStore': { params: Proof.extend({ store: z.enum(['auto', 'keyring', 'file']) }), result: Moved },
  /** A new root secret, kept as the one before; `finish` only moves databases that were left. */
  'keys/rotate': { params: Proof.extend({ finish: z.boolean().default(false) }), result: Moved },
  /** The one time that it is shown. */
  'keys/createRecovery': { params: Proof, result: Status.extend({ recoveryKey: z.string() }) },
  /** Keeps the root secret anew: under a passphrase, or where `store` says. */
  'keys/recover': {
    params: z.object({
      recoveryKey: z.string().max(200),
      keep: z.union([
        z.object({ store: z.enum(['auto', 'keyring', 'file']) }),
        z.object({ store: z.literal('passphrase'), passphrase: Passphrase }),
      ]),
    }),
    result: Moved,
  },
  /** Renames what no key opens any more, with the date, and starts afresh. Nothing is deleted. */
  'keys/setAside': {
    params: z.object({ confirm: z.literal('start afresh') }),
    result: Status.extend({ moved: z.array(z.object({ from: z.string(), to: z.string() })) }),
  },
} as const;

export const keyNotifications = {
  /** Server to every client, when it was locked or unlocked: what a client asks is refused with `key_locked` meanwhile. */
  'keys/didChange': z.object({ state: KeyState }),
} as const;
