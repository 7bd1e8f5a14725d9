import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { withFileLock } from './fileLock.ts';
import { writePrivateFile } from './privateFile.ts';
import { codeOf, guarded } from './storageErrors.ts';

/** A browser that was let into the hub. */
interface Session {
  /** Tells nothing of its secret. */
  id: string;
  /** Unix milliseconds. */
  expiresAt: number;
}

/**
 * The sessions of a workspace's hub, in a file for this user alone. It holds hashes: who reads it is let in nowhere. Each look reads
 * the file, since another server of the workspace may have changed it.
 */
export interface HubSessions {
  /** Also gives its two secrets, which are kept nowhere else: one is for the cookie, the other for the page. */
  create(): Promise<Session & { secret: string; proof: string }>;
  /** Null for secrets of no session, of two, or of one that is over. */
  find(secret: string, proof: string): Session | null;
  /** Whether that session still is. */
  has(id: string): boolean;
  end(id: string): Promise<void>;
  /** Resolves with how many there were. */
  endAll(): Promise<number>;
}

const DAY = 24 * 60 * 60 * 1000;
/** Milliseconds that a session lasts. */
const LIFE = 30 * DAY;
/** Sessions at one time; past them the oldest goes. */
const MOST = 32;
/** Bytes of chance in a secret. */
const SECRET_BYTES = 32;

const Hash = z.string().regex(/^[\da-f]{64}$/);
/** `id` and `proof` are the SHA-256 of the secrets. */
const Stored = z.object({ sessions: z.array(z.object({ id: Hash, proof: Hash, expiresAt: z.int() })) });
type Kept = z.infer<typeof Stored>['sessions'][number];

export function createHubSessions(file: string, now: () => number): HubSessions {
  const read = (): Kept[] => readSessions(file).filter(({ expiresAt }) => expiresAt > now());
  /** Two servers may change it at one moment. */
  const change = (edit: (sessions: Kept[]) => Kept[]) =>
    withFileLock(`${file}.lock`, async () =>
      guarded(() => {
        const before = read();
        writePrivateFile(file, `${JSON.stringify({ sessions: edit(before) })}\n`);
        return before.length;
      }),
    );
  return {
    async create() {
      const [secret, proof] = [newSecret(), newSecret()];
      const session = { id: hash(secret), expiresAt: now() + LIFE };
      await change((sessions) => [...sessions, { ...session, proof: hash(proof) }].slice(-MOST));
      return { ...session, secret, proof };
    },
    find(secret, proof) {
      const found = read().find((each) => isSame(each.id, hash(secret)));
      return found !== undefined && isSame(found.proof, hash(proof)) ? found : null;
    },
    has: (id) => read().some((session) => session.id === id),
    async end(id) {
      await change((sessions) => sessions.filter((session) => session.id !== id));
    },
    endAll: () => change(() => []),
  };
}

/** A file that cannot be understood lets nobody in: people open a new link. */
function readSessions(file: string): Kept[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  }
  try {
    return Stored.parse(JSON.parse(text)).sessions;
  } catch {
    return [];
  }
}

const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** In a time that tells nothing of where they differ. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(Buffer.from(one), Buffer.from(other));

const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');
