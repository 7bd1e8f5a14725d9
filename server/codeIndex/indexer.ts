import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '../storage/database.ts';
import { createTransact } from '../storage/transaction.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { type Chunk, chunksOf, linesOf } from './chunks.ts';
import { wordsOf } from './words.ts';

/** The files of a workspace, as far as anybody may look at them. */
export interface Files {
  /** Real path of the workspace. */
  root: string;
  /** Paths relative to it, with `/`; `complete` is false when there are more. */
  list(signal: AbortSignal): Promise<{ paths: readonly string[]; complete: boolean }>;
  /** Throws for what is no text. */
  read(path: string): string;
}

export interface Round {
  files: number;
  /** How many were read, because they were new or may have changed; and how many of these had. */
  read: number;
  changed: number;
  gone: number;
}

export interface Indexer {
  /**
   * Brings the index up to date with the files: reads what has another size or time than before, and takes in what has other
   * content. Throws when the signal aborts; what was taken in until then stays.
   */
  update(signal: AbortSignal): Promise<Round>;
}

interface IndexerDeps {
  db: Db;
  files: Files;
  syntax: Pick<Syntax, 'parse'>;
  now: () => number;
}

interface FileRow {
  id: number;
  size: number;
  mtime: number;
  hash: string;
}

/** A file that was read, with all that is to be kept of it. */
interface Reading {
  path: string;
  size: number;
  mtime: number;
  hash: string;
  text: string;
  chunks: readonly Chunk[];
  symbols: ReadonlyArray<{ name: string; kind: string; within: string; line: number }>;
}

/** Written in one transaction: each is a wait for the disk, and others wait while one is open. */
const TOGETHER = 200_000;

export function createIndexer({ db, files, syntax, now }: IndexerDeps): Indexer {
  const transact = createTransact(db);
  const find = db.prepare<[string], FileRow>('SELECT id, size, mtime, hash FROM files WHERE path = ?');
  const see = db.prepare<[round: number, size: number, mtime: number, id: number]>(
    'UPDATE files SET round = ?, size = ?, mtime = ? WHERE id = ?',
  );
  const put = db.prepare<[path: string, size: number, mtime: number, hash: string, round: number], { id: number }>(
    `INSERT INTO files (path, size, mtime, hash, round) VALUES (?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE
     SET size = excluded.size, mtime = excluded.mtime, hash = excluded.hash, round = excluded.round RETURNING id`,
  );
  const empty = [
    db.prepare<[number]>('DELETE FROM chunks WHERE file_id = ?'),
    db.prepare<[number]>('DELETE FROM symbols WHERE file_id = ?'),
  ];
  const putChunk = db.prepare<[number, number, number, string | null]>(
    'INSERT INTO chunks (file_id, from_line, to_line, name) VALUES (?, ?, ?, ?)',
  );
  const putWords = db.prepare<[number | bigint, string, string]>(
    'INSERT INTO words (rowid, name, body) VALUES (?, ?, ?)',
  );
  const putSymbol = db.prepare<[number, string, string, string, number]>(
    'INSERT INTO symbols (file_id, name, kind, within, line) VALUES (?, ?, ?, ?, ?)',
  );
  const begin = db.prepare<[], { round: number }>('UPDATE state SET round = round + 1 RETURNING round');
  const end = db.prepare<[number, number]>('UPDATE state SET ended_at = ?, complete = ?');
  const dropOld = db.prepare<[number]>('DELETE FROM files WHERE round < ?');

  const keep = (reading: Reading, round: number): void => {
    const { path, size, mtime, hash, text, chunks, symbols } = reading;
    const { id } = put.get(path, size, mtime, hash, round) ?? { id: 0 };
    for (const statement of empty) statement.run(id);
    for (const chunk of chunks) {
      const row = putChunk.run(id, chunk.from, chunk.to, chunk.name).lastInsertRowid;
      putWords.run(row, wordsOf(`${chunk.name ?? ''} ${path}`).join(' '), wordsOf(linesOf(text, chunk)).join(' '));
    }
    for (const { name, kind, within, line } of symbols) putSymbol.run(id, name, kind, within, line);
  };

  const readFile = async (path: string, { size, mtimeMs }: Stats): Promise<Reading> => {
    const text = textOf(files, path);
    const parsed = await syntax.parse(path, text);
    const definitions = parsed?.definitions ?? [];
    return {
      ...{ path, size, text, mtime: Math.round(mtimeMs * 1000), hash: hashOf(text) },
      chunks: chunksOf(text, definitions),
      symbols: definitions.map(({ name, kind, within, line }) => ({ name, kind, within: within.join('.'), line })),
    };
  };

  return {
    async update(signal) {
      const { paths, complete } = await files.list(signal);
      const round = transact(() => begin.get()?.round ?? 0);
      const done: Round = { files: paths.length, read: 0, changed: 0, gone: 0 };
      let seen: Array<() => void> = [];
      let size = 0;
      const flush = () => {
        if (seen.length === 0) return;
        const all = seen;
        seen = [];
        size = 0;
        transact(() => {
          for (const write of all) write();
        });
      };
      for (const path of paths) {
        signal.throwIfAborted();
        const stats = await stat(join(files.root, path)).catch(() => undefined);
        if (stats === undefined || !stats.isFile()) continue;
        const known = find.get(path);
        const mtime = Math.round(stats.mtimeMs * 1000);
        if (known && known.size === stats.size && known.mtime === mtime) {
          seen.push(() => see.run(round, stats.size, mtime, known.id));
        } else {
          const reading = await readFile(path, stats);
          done.read += 1;
          size += reading.text.length;
          if (known?.hash === reading.hash) seen.push(() => see.run(round, stats.size, mtime, known.id));
          else {
            done.changed += 1;
            seen.push(() => keep(reading, round));
          }
        }
        if (size > TOGETHER || seen.length > 500) flush();
      }
      flush();
      done.gone = transact(() => {
        end.run(now(), complete ? 1 : 0);
        return dropOld.run(round).changes;
      });
      return done;
    },
  };
}

/** A file that is no text has nothing to be found, and need not be read again. */
function textOf(files: Files, path: string): string {
  try {
    return files
      .read(path)
      .replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n');
  } catch {
    return '';
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
