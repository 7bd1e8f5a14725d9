import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { withFileLock } from './fileLock.ts';
import { writePrivateFile } from './privateFile.ts';
import { codeOf, guarded } from './storageErrors.ts';

/** A browser that was let into the hub. */
export interface HubSession {
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
  /** Also gives the secret, which is kept nowhere else. */
  create(): Promise<HubSession & { secret: string }>;
  /** Null for a secret of no session, or of one that is over. */
  find(secret: string): HubSession | null;
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

/** `id` is the SHA-256 of the secret. */
const Stored = z.object({ sessions: z.array(z.object({ id: z.string().regex(/^[\da-f]{64}$/), expiresAt: z.int() })) });

export function createHubSessions(file: string, now: () => number): HubSessions {
  const read = (): HubSession[] => readSessions(file).filter(({ expiresAt }) => expiresAt > now());
  /** Two servers may change it at one moment. */
  const change = (edit: (sessions: HubSession[]) => HubSession[]) =>
    withFileLock(`${file}.lock`, async () =>
      guarded(() => {
        const before = read();
        writePrivateFile(file, `${JSON.stringify({ sessions: edit(before) })}\n`);
        return before.length;
      }),
    );
  return {
    async create() {
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const session = { id: hash(secret), expiresAt: now() + LIFE };
      await change((sessions) => [...sessions, session].slice(-MOST));
      return { ...session, secret };
    },
    find(secret) {
      const wanted = Buffer.from(hash(secret));
      return read().find(({ id }) => timingSafeEqual(Buffer.from(id), wanted)) ?? null;
    },
    has: (id) => read().some((session) => session.id === id),
    async end(id) {
      await change((sessions) => sessions.filter((session) => session.id !== id));
    },
    endAll: () => change(() => []),
  };
}

/** A file that cannot be understood lets nobody in: people open a new link. */
function readSessions(file: string): HubSession[] {
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

const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');
