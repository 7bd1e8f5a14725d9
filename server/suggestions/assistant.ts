import type { Day, Suggestion } from '../../protocol/index.ts';
import type { Embeddings } from '../codeIndex/embedder.ts';
import type { Items } from '../horizon/items.ts';
import type { Engine } from '../inference/engine.ts';
import type { Notes } from '../notes/notes.ts';
import type { Db } from '../storage/database.ts';
import type { Kind } from '../tasks/kind.ts';
import type { Queue } from '../tasks/queue.ts';
import { createAcceptance } from './acceptance.ts';
import { createRelatedNotes } from './relatedNotes.ts';
import { createSubjects } from './subjects.ts';
import { createSuggestions, type Suggestions } from './suggestions.ts';
import { createSuggestKind } from './suggestKind.ts';
import { createWeekFigures } from './weekFigures.ts';

export interface AssistantOptions {
  db: Db;
  queue: Queue;
  engine: Engine;
  embeddings: Embeddings;
  notes: Notes;
  items: Items;
  now: () => number;
  /** The day that it is where the server runs. */
  today: () => Day;
  /** Told after the commit. */
  onChange(suggestion: Suggestion): void;
}

/** All that suggestions need, put together. */
export function createAssistant(options: AssistantOptions): { suggestions: Suggestions; kind: Kind } {
  const { db, queue, engine, embeddings, notes, items, now, today, onChange } = options;
  const related = createRelatedNotes({ db, embeddings, notes });
  const suggestions = createSuggestions({
    ...{ db, queue, engine, related, now, onChange },
    subjects: createSubjects({ db, notes, items, today }),
    figures: createWeekFigures({ db, today }),
    acceptance: createAcceptance({ db, notes, items }),
  });
  queue.listen(({ task, events }) => {
    // Its text comes in many pieces, and says nothing of the suggestion.
    if (task.kind === 'suggest' && events.some(({ type }) => type !== 'text')) suggestions.poll();
  });
  return { suggestions, kind: createSuggestKind({ engine, suggestions, related }) };
}
