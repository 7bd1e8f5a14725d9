import type { Embeddings } from '../codeIndex/embedder.ts';
import { bytesOf, loadVectors } from '../codeIndex/vectors.ts';
import type { Notes } from '../notes/notes.ts';
import type { Db } from '../storage/database.ts';
import { createTransact } from '../storage/transaction.ts';
import { plainLines } from './plainLines.ts';

interface Fill {
  signal: AbortSignal;
  progress(line: string): void;
}

/** The directions of notes: what they mean, as a model of sentences sees it. */
export interface NoteVectors {
  /** Gives every note its direction that changed since it had one, a few at a time, and keeps what is done when it is stopped. */
  fill(model: string, options: Fill): Promise<void>;
  /** Notes by how near they are to a text, the nearest first; `likeness` is the cosine. */
  nearest(
    text: string,
    options: { model: string; limit: number; signal: AbortSignal },
  ): Promise<{ note: number; likeness: number }[]>;
}

interface NoteVectorsDeps {
  db: Db;
  embed: Embeddings['embed'];
  notes: Pick<Notes, 'show'>;
}

const AT_ONCE = 16;
/** Characters of a note that are embedded: such models read few hundred tokens. */
const MOST = 1200;

export function createNoteVectors({ db, embed, notes }: NoteVectorsDeps): NoteVectors {
  const transact = createTransact(db);
  const bare = db.prepare<
    [{ model: string; after: number; limit: number }],
    { note: number; id: string; version: number; title: string }
  >(
    `SELECT n.number AS note, n.id, n.version, n.title FROM notes n LEFT JOIN note_vectors v ON v.note = n.number
     WHERE n.number > @after AND (v.note IS NULL OR v.version <> n.version OR v.model <> @model) ORDER BY n.number LIMIT @limit`,
  );
  const left = db.prepare<[string], { n: number }>(
    `SELECT count(*) AS n FROM notes n LEFT JOIN note_vectors v ON v.note = n.number
     WHERE v.note IS NULL OR v.version <> n.version OR v.model <> ?`,
  );
  // One that was removed meanwhile has no row to lead to.
  const put = db.prepare<[{ note: number; version: number; model: string; vector: Buffer }]>(
    `INSERT INTO note_vectors (note, version, model, vector) SELECT number, @version, @model, @vector FROM notes WHERE number = @note
     ON CONFLICT (note) DO UPDATE SET version = excluded.version, model = excluded.model, vector = excluded.vector`,
  );

  const textOf = (id: string): string => {
    try {
      return notes.show(id).text;
    } catch {
      // Gone since; its direction has no row to go to.
      return '';
    }
  };

  return {
    async fill(model, { signal, progress }) {
      const all = left.get(model)?.n ?? 0;
      let done = 0;
      let after = 0;
      for (
        let some = bare.all({ model, after, limit: AT_ONCE });
        some.length > 0;
        some = bare.all({ model, after, limit: AT_ONCE })
      ) {
        signal.throwIfAborted();
        progress(`reading notes, ${done} of ${all}`);
        const texts = some.map(({ id, title }) => textFor(title, textOf(id)));
        const vectors = await embed(texts, { priority: 'background', signal });
        transact(() => {
          for (const [index, { note, version }] of some.entries()) {
            const vector = vectors[index];
            if (vector) put.run({ note, version, model, vector: Buffer.from(bytesOf(vector).buffer) });
          }
        });
        after = some.at(-1)?.note ?? after;
        done += some.length;
      }
    },
    async nearest(text, { model, limit, signal }) {
      const [vector] = await embed([text.slice(0, MOST)], { priority: 'background', signal });
      if (vector === undefined) return [];
      loadVectors(db);
      const bytes = Buffer.from(bytesOf(vector).buffer);
      return db
        .prepare<[{ bytes: Buffer; size: number; model: string; limit: number }], { note: number; likeness: number }>(
          `SELECT note, 1 - vec_distance_cosine(vec_int8(vector), vec_int8(@bytes)) AS likeness FROM note_vectors
           WHERE model = @model AND length(vector) = @size ORDER BY likeness DESC, note LIMIT @limit`,
        )
        .all({ bytes, size: bytes.length, model, limit });
    },
  };
}

const textFor = (title: string, text: string): string =>
  `${title}\n${plainLines(text)
    .map((line) => line.text)
    .join('\n')}`.slice(0, MOST);
