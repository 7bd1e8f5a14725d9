import type { CodeMatch } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import { nearestChunks } from './vectors.ts';
import { matchOf, wordsOf } from './words.ts';

export interface Searcher {
  /** The best places for a question or some words, the best first; `vector` is the question's, where one could be made. */
  search(query: string, limit: number, vector: Int8Array | undefined): CodeMatch[];
  /** Definitions of a name, those that are exactly so first. */
  symbols(
    name: string,
    limit: number,
  ): Array<{ path: string; line: number; name: string; kind: string; within: string }>;
}

interface Place {
  path: string;
  from: number;
  to: number;
  name: string | null;
}

/** Of each way of looking, how many are put in order against the others. */
const EACH = 50;

/**
 * Constant of reciprocal rank fusion, as in Cormack, Clarke and Büttcher, SIGIR 2009: it keeps the first place of one way of
 * looking from deciding alone.
 */
const FUSION = 60;

export function createSearcher({ db }: { db: Db }): Searcher {
  // A word of the name or the path says more about a place than one of its text.
  const byWords = db.prepare<[string, number], { id: number }>(
    'SELECT rowid AS id FROM words WHERE words MATCH ? ORDER BY bm25(words, 4.0, 1.0) LIMIT ?',
  );
  const byName = db.prepare<[string, number], { id: number }>(
    `SELECT c.id FROM symbols s JOIN chunks c ON c.file_id = s.file_id AND s.line BETWEEN c.from_line AND c.to_line
     WHERE s.name = ? LIMIT ?`,
  );
  const place = db.prepare<[number], Place>(
    `SELECT f.path, c.from_line AS "from", c.to_line AS "to", c.name FROM chunks c JOIN files f ON f.id = c.file_id
     WHERE c.id = ?`,
  );
  const named = db.prepare<
    [{ name: string; begin: string; limit: number }],
    { path: string; line: number; name: string; kind: string; within: string }
  >(
    `SELECT f.path, s.line, s.name, s.kind, s.within FROM symbols s JOIN files f ON f.id = s.file_id
     WHERE s.name LIKE @begin ESCAPE '\\' ORDER BY s.name <> @name COLLATE BINARY, length(s.name), f.path, s.line LIMIT @limit`,
  );

  return {
    search: (query, limit, vector) =>
      guarded(() => {
        const match = matchOf(query);
        const ways: Array<[CodeMatch['by'][number], number[]]> = [
          ['name', namesIn(query).flatMap((name) => byName.all(name, EACH).map(({ id }) => id))],
          ['words', match === undefined ? [] : byWords.all(match, EACH).map(({ id }) => id)],
          ['meaning', vector === undefined ? [] : nearestChunks(db, vector, EACH)],
        ];
        const scores = new Map<number, { score: number; by: CodeMatch['by'] }>();
        for (const [way, ids] of ways)
          for (const [rank, id] of [...new Set(ids)].entries()) {
            const known = scores.get(id) ?? { score: 0, by: [] };
            scores.set(id, { score: known.score + 1 / (FUSION + rank + 1), by: [...known.by, way] });
          }
        return [...scores]
          .toSorted(([id, one], [other, two]) => two.score - one.score || id - other)
          .slice(0, limit)
          .flatMap(([id, { by }]) => {
            const at = place.get(id);
            return at ? [{ ...at, by }] : [];
          });
      }),
    symbols: (name, limit) =>
      guarded(() => named.all({ name, begin: `${name.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`, limit })),
  };
}

/** What looks like a name in a question: as it stands, and only when it is one word of more than two letters. */
const namesIn = (query: string): string[] =>
  [...new Set(query.match(/[\p{L}_$][\p{L}\p{N}_$]{2,}/gu) ?? [])]
    .filter((name) => wordsOf(name).length > 0)
    .slice(0, 20);
