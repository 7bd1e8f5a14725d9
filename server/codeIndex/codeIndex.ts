import { statSync } from 'node:fs';
import type { CodeIndexStatus, CodeMatch } from '../../protocol/index.ts';
import { OspainError } from '../../protocol/index.ts';
import type { Log } from '../log.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { type After, after as realAfter } from '../timer.ts';
import { createEmbedder, type Embeddings } from './embedder.ts';
import { createIndexer, type Files, type Round } from './indexer.ts';
import { openIndex } from './openIndex.ts';
import { createSearcher, type Searcher } from './searcher.ts';

/**
 * What is where in the workspace. It is brought up to date in the background, and before it is asked; nothing waits for it
 * long, and all that it knows can be made anew.
 */
export interface CodeIndex {
  /** What was saved in the last seconds is in it, unless taking it in takes long. Throws `unavailable` without an index. */
  search(query: string, limit: number, signal: AbortSignal): Promise<CodeMatch[]>;
  symbols: Searcher['symbols'];
  refresh(options: { anew: boolean }, signal: AbortSignal): Promise<Round>;
  status(): CodeIndexStatus;
  /** Begins to keep itself up to date. */
  start(): void;
  stop(): Promise<void>;
}

export interface CodeIndexOptions {
  /** False: there is none, and whoever asks is told so. */
  enabled: boolean;
  file: string;
  key: string;
  files: Files;
  syntax: Pick<Syntax, 'parse'>;
  embeddings: Embeddings;
  /** Names this server among those of the workspace. */
  owner: string;
  now: () => number;
  log: Log;
  after?: After;
}

/** Milliseconds: after the start of a server, between two rounds, and for how long a round's result is taken as fresh. */
const FIRST = 5000;
const EVERY = 300_000;
const FRESH = 2000;
/** How long a search waits for a round. Milliseconds. */
const PATIENCE = 1500;
/** For how long a server that is at work is left alone by the others; it may have died. Milliseconds. */
const CLAIM = 120_000;

export async function createCodeIndex(options: CodeIndexOptions): Promise<CodeIndex> {
  const { enabled, log } = options;
  if (!enabled) return without('off', 'The index of the workspace is switched off.', 'Switch ospain2.codeIndex on.');
  try {
    return over(await openIndex(options), options);
  } catch (thrown) {
    const { code } = OspainError.from(thrown);
    log.warn(`the index of the workspace cannot be used: ${code}`);
    return without('broken', `The index of the workspace cannot be used: ${code}.`, 'The log says why.');
  }
}

function over(db: Db, options: CodeIndexOptions): CodeIndex {
  const { file, files, syntax, embeddings, owner, now, log, after = realAfter } = options;
  const indexer = createIndexer({ db, files, syntax, now });
  const embedder = createEmbedder({ db, files, embeddings });
  const searcher = createSearcher({ db });
  const claim = db.prepare<[{ owner: string; now: number; until: number }]>(
    'UPDATE state SET owner = @owner, until = @until WHERE owner IS NULL OR owner = @owner OR until < @now',
  );
  const letGo = db.prepare<[string]>('UPDATE state SET owner = NULL, until = 0 WHERE owner = ?');
  const counts = db.prepare<
    [],
    Pick<CodeIndexStatus, 'files' | 'chunks' | 'symbols' | 'embedded' | 'embedder' | 'updatedAt'> & { complete: number }
  >(
    `SELECT (SELECT count(*) FROM files) AS files, (SELECT count(*) FROM chunks) AS chunks,
       (SELECT count(*) FROM symbols) AS symbols, (SELECT count(vector) FROM chunks) AS embedded, embedder,
       ended_at AS updatedAt, complete FROM state`,
  );
  const end = new AbortController();
  let working: Promise<Round> | undefined;
  let cancel: (() => void) | undefined;

  /** One round at a time; whoever asks meanwhile waits for that one. */
  const update = (): Promise<Round> => {
    working ??= round().finally(() => {
      working = undefined;
    });
    return working;
  };

  const round = async (): Promise<Round> => {
    const at = now();
    const taken = guarded(() => claim.run({ owner, now: at, until: at + CLAIM }).changes === 1);
    if (!taken) return NOTHING;
    try {
      return await indexer.update(end.signal);
    } finally {
      // A stopped server closes its database at once.
      if (!end.signal.aborted) letGo.run(owner);
    }
  };

  const keepUp = async (): Promise<void> => {
    try {
      await update();
      await embedder.fill(end.signal);
    } catch (thrown) {
      if (!end.signal.aborted) log.warn(`keeping the index up to date failed: ${OspainError.from(thrown).code}`);
    }
    if (!end.signal.aborted) cancel = after(EVERY, () => void keepUp());
  };

  const isFresh = (): boolean => now() - (counts.get()?.updatedAt ?? 0) < FRESH;

  const question = async (query: string, signal: AbortSignal): Promise<Int8Array | undefined> => {
    try {
      return await embedder.ask(query, signal);
    } catch (thrown) {
      signal.throwIfAborted();
      log.info(`a search goes without meaning: ${OspainError.from(thrown).code}`);
      return undefined;
    }
  };

  return {
    async search(query, limit, signal) {
      if (!isFresh()) {
        const late = Promise.withResolvers<void>();
        const stopWaiting = after(PATIENCE, late.resolve);
        await Promise.race([update().catch(() => {}), late.promise]);
        stopWaiting();
        signal.throwIfAborted();
      }
      const vector = await question(query, signal);
      return searcher.search(query, limit, vector);
    },
    symbols: searcher.symbols,
    async refresh({ anew }, signal) {
      signal.throwIfAborted();
      await working?.catch(() => {});
      if (anew) guarded(() => db.exec('DELETE FROM files'));
      const done = await update();
      await embedder.fill(AbortSignal.any([end.signal, signal]));
      return done;
    },
    status: () => {
      const { complete = 1, ...row } = guarded(() => counts.get()) ?? EMPTY;
      return { ...EMPTY, ...row, state: working ? 'working' : 'ready', complete: complete === 1, bytes: sizeOf(file) };
    },
    start() {
      cancel ??= after(FIRST, () => void keepUp());
    },
    async stop() {
      cancel?.();
      end.abort(new OspainError('cancelled', 'The server stops.'));
      await working?.catch(() => {});
      db.close();
    },
  };
}

const NOTHING: Round = { files: 0, read: 0, changed: 0, gone: 0 };
const EMPTY = {
  ...{ files: 0, chunks: 0, symbols: 0, embedded: 0, embedder: null, complete: 1, bytes: 0, updatedAt: 0 },
};

function without(state: 'off' | 'broken', why: string, hint: string): CodeIndex {
  const refuse = (): never => {
    throw new OspainError('unavailable', why, { hint });
  };
  return {
    search: async () => refuse(),
    symbols: () => [],
    refresh: async () => refuse(),
    status: () => ({ ...EMPTY, state, complete: true }),
    start() {},
    stop: async () => {},
  };
}

/** Bytes that it takes on disk, with its journal. */
function sizeOf(file: string): number {
  return ['', '-wal'].reduce((sum, end) => sum + (statSync(`${file}${end}`, { throwIfNoEntry: false })?.size ?? 0), 0);
}
