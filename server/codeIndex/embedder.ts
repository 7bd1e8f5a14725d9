import type { Db } from '../storage/database.ts';
import { createTransact } from '../storage/transaction.ts';
import { linesOf } from './chunks.ts';
import type { Files } from './indexer.ts';
import { bytesOf, canCompare } from './vectors.ts';

/** What makes directions of texts. */
export interface Embeddings {
  /** The model, as name@version; undefined while there is none. */
  model(): string | undefined;
  embed(
    texts: readonly string[],
    options: { priority: 'interactive' | 'background'; signal: AbortSignal },
  ): Promise<number[][]>;
}

export interface Embedder {
  /** Gives every chunk its direction that has none, a few at a time; does nothing without a model. */
  fill(signal: AbortSignal): Promise<void>;
  /** The direction of a question; undefined when nothing could be compared with it. */
  ask(query: string, signal: AbortSignal): Promise<Int8Array | undefined>;
}

const AT_ONCE = 16;
/** Characters of a chunk that are embedded: such models read few hundred tokens. */
const MOST = 1200;

interface Bare {
  id: number;
  path: string;
  from: number;
  to: number;
  name: string | null;
}

export function createEmbedder({ db, files, embeddings }: { db: Db; files: Files; embeddings: Embeddings }): Embedder {
  const transact = createTransact(db);
  const state = db.prepare<[], { embedder: string | null }>('SELECT embedder FROM state');
  const setEmbedder = db.prepare<[string]>('UPDATE state SET embedder = ?');
  const forget = db.prepare<[]>('UPDATE chunks SET vector = NULL WHERE vector IS NOT NULL');
  const bare = db.prepare<[number, number], Bare>(
    `SELECT c.id, f.path, c.from_line AS "from", c.to_line AS "to", c.name FROM chunks c JOIN files f ON f.id = c.file_id
     WHERE c.vector IS NULL AND c.id > ? ORDER BY c.id LIMIT ?`,
  );
  const put = db.prepare<[Buffer, number]>('UPDATE chunks SET vector = ? WHERE id = ?');

  return {
    async fill(signal) {
      const model = canCompare() ? embeddings.model() : undefined;
      if (model === undefined) return;
      if (state.get()?.embedder !== model)
        transact(() => {
          // Directions of two models cannot be compared.
          forget.run();
          setEmbedder.run(model);
        });
      let last = 0;
      for (let some = bare.all(last, AT_ONCE); some.length > 0; some = bare.all(last, AT_ONCE)) {
        signal.throwIfAborted();
        const texts = some.map((chunk) => textOf(files, chunk));
        const vectors = await embeddings.embed(texts, { priority: 'background', signal });
        transact(() => {
          for (const [index, { id }] of some.entries()) {
            const vector = vectors[index];
            if (vector) put.run(Buffer.from(bytesOf(vector).buffer), id);
          }
        });
        last = some.at(-1)?.id ?? last;
      }
    },
    async ask(query, signal) {
      const model = embeddings.model();
      if (model === undefined || state.get()?.embedder !== model) return undefined;
      const [vector] = await embeddings.embed([query], { priority: 'interactive', signal });
      return vector && bytesOf(vector);
    },
  };
}

/** A chunk as it is embedded: where it is says much about what it is. */
function textOf(files: Files, { path, from, to, name }: Bare): string {
  let text = '';
  try {
    text = linesOf(files.read(path).replaceAll('\r\n', '\n'), { from, to });
  } catch {
    // Gone since; the next round knows.
  }
  return `${path}${name === null ? '' : ` ${name}`}\n${text}`.slice(0, MOST);
}
