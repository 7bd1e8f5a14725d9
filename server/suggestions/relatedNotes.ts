import { OspainError } from '../../protocol/index.ts';
import type { Embeddings } from '../codeIndex/embedder.ts';
import { canCompare } from '../codeIndex/vectors.ts';
import type { Notes } from '../notes/notes.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Made, NewPart } from './matter.ts';
import { createNoteVectors } from './noteVectors.ts';
import { listed, plural, quoted } from './phrases.ts';
import { plainLines } from './plainLines.ts';
import { createTellingWords } from './tellingWords.ts';

/** What related notes are looked for with. */
export interface RelatedMatter {
  about: 'related';
  /** The note itself, by its row; null for an item. */
  note: number | null;
  title: string;
  text: string;
}

interface ByMeaning {
  signal: AbortSignal;
  progress(line: string): void;
}

/** Notes that are about the same as a text and that it does not lead to yet. */
export interface RelatedNotes {
  /** The model of directions, as name@version; undefined while there is none. */
  model(): string | undefined;
  byWords(matter: RelatedMatter): Made;
  /** Reads every note that is new to the model first. Throws `unavailable` when the model has gone meanwhile. */
  byMeaning(matter: RelatedMatter, options: ByMeaning): Promise<{ made: Made; model: string }>;
}

interface RelatedDeps {
  db: Db;
  embeddings: Embeddings;
  notes: Pick<Notes, 'show'>;
}

const MOST = 6;
/** Cosine below which two texts are about different things, for most models of sentences. */
const NEAR = 0.5;

export function createRelatedNotes({ db, embeddings, notes }: RelatedDeps): RelatedNotes {
  const words = createTellingWords({ db });
  const vectors = createNoteVectors({ db, embed: embeddings.embed, notes });
  const noteOf = db.prepare<[number], { path: string; title: string }>(
    'SELECT path, title FROM notes WHERE number = ?',
  );
  const linked = db.prepare<[number, number], { found: number }>(
    `SELECT 1 AS found FROM note_links l JOIN note_names n ON n.key = l.key WHERE l.note = ? AND n.note = ?`,
  );
  const model = () => (canCompare() ? embeddings.model() : undefined);

  const isNew = (matter: RelatedMatter, note: number): boolean =>
    note !== matter.note && (matter.note === null || linked.get(matter.note, note) === undefined);

  const partOf = (note: number, reason: string): NewPart[] => {
    const found = noteOf.get(note);
    return found ? [{ text: found.path, line: null, reason: `${quoted(found.title)}: ${reason}` }] : [];
  };

  const saidBy = ({ title, text }: RelatedMatter): string =>
    [title, ...plainLines(text).map((line) => line.text)].join('\n');

  return {
    model,
    byWords: (matter) =>
      guarded(() => {
        const telling = words.of(saidBy(matter));
        const found = words.notesWith(telling, MOST * 3).filter(({ note }) => isNew(matter, note));
        const parts = found
          .slice(0, MOST)
          .flatMap(({ note, shared }) => partOf(note, `both say ${listed(shared.slice(0, 4))}.`));
        return {
          reason:
            parts.length === 0
              ? 'No other note shares words that say what this one is about.'
              : 'They share words that few notes have.',
          parts,
        };
      }),
    async byMeaning(matter, { signal, progress }) {
      const name = model();
      if (name === undefined)
        throw new OspainError('unavailable', 'There is no model for related notes any more.', {
          hint: 'Ask again: without one, notes are compared by their words.',
        });
      await vectors.fill(name, { signal, progress });
      progress('comparing notes');
      const near = await vectors.nearest(saidBy(matter), { model: name, limit: MOST * 3, signal });
      const parts = near
        .filter(({ note, likeness }) => likeness >= NEAR && isNew(matter, note))
        .slice(0, MOST)
        .flatMap(({ note, likeness }) => partOf(note, `${Math.round(likeness * 100)} % alike in what it means.`));
      const reason =
        parts.length === 0
          ? 'No other note is near in what it means.'
          : `${plural(parts.length, 'note')} near in what they mean.`;
      return { made: { reason, parts }, model: name };
    },
  };
}
