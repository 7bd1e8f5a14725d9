import type { Db } from '../storage/database.ts';

/** Words that say what a text is about, and the notes that have them too. */
export interface TellingWords {
  /** Those that other notes have and few do, the most telling first. */
  of(text: string): string[];
  /** Notes by how telling the words are that they have of these, with those words, the best first. */
  notesWith(words: readonly string[], limit: number): { note: number; shared: string[] }[];
}

/** Words of a text that are looked up, and that notes are looked for with. */
const MOST_READ = 400;
const MOST = 24;
/** A word is telling only in notes that are a smaller share than this. */
const COMMON = 0.2;
/** Of few notes, each word is in a large share. */
const FEW = 5;

export function createTellingWords({ db }: { db: Db }): TellingWords {
  // A view of the index's own words with the number of notes that have each; it stores nothing.
  db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.note_vocabulary USING fts5vocab('main', 'note_words', 'row')`);
  const notesOf = db.prepare<[string], { doc: number }>('SELECT doc FROM temp.note_vocabulary WHERE term = ?');
  const all = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM notes');
  const best = db.prepare<[string, number], { note: number }>(
    `SELECT rowid AS note FROM note_words WHERE note_words MATCH ? ORDER BY bm25(note_words, 4.0, 4.0, 0.0, 1.0) LIMIT ?`,
  );
  const has = db.prepare<[string, number], { found: number }>(
    'SELECT 1 AS found FROM note_words WHERE note_words MATCH ? AND rowid = ?',
  );

  return {
    of(text) {
      const total = all.get()?.n ?? 0;
      const counts = new Map<string, number>();
      for (const word of wordsIn(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
      const most = Math.max(FEW, total * COMMON);
      return [...counts]
        .slice(0, MOST_READ)
        .flatMap(([word, times]) => {
          const notes = notesOf.get(word)?.doc ?? 0;
          return notes < 2 || notes > most ? [] : [{ word, weight: Math.sqrt(times) * Math.log(1 + total / notes) }];
        })
        .toSorted((one, other) => other.weight - one.weight || (one.word < other.word ? -1 : 1))
        .slice(0, MOST)
        .map(({ word }) => word);
    },
    notesWith(words, limit) {
      if (words.length === 0) return [];
      return best.all(words.map(phrase).join(' OR '), limit).map(({ note }) => ({
        note,
        shared: words.filter((word) => has.get(phrase(word), note) !== undefined),
      }));
    },
  };
}

const phrase = (word: string): string => `"${word}"`;

/** Cut as the index of notes cuts them: letters and digits, small, without accents. Words of the language say nothing. */
function wordsIn(text: string): string[] {
  const plain = text.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return (plain.match(/[\p{L}\p{N}]{3,40}/gu) ?? []).filter((word) => !SILENT.has(word) && !/^\d+$/.test(word));
}

const SILENT: ReadonlySet<string> = new Set(
  `about after again all also and any are because been before but can could did does done for from get has have here how
into its just like more most much must need not now off one only other our out over same should some still such than that
the their them then there these they this those too under use used very want was way were what when where which while who
why will with would you your aber alle als auch auf aus bei bin bis das dass dem den der des die doch ein eine einen einer
fur hat ich ihr ist mit nach nicht noch nur oder sich sie sind uber und uns vom von war was wenn wer wie wir wird zum zur`.split(
    /\s+/,
  ),
);
