import { randomUUID } from 'node:crypto';
import { OspainError, type ParsedParams, type Result, type Suggestion, type Task } from '../../protocol/index.ts';
import type { Engine } from '../inference/engine.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Attempt } from '../tasks/kind.ts';
import type { Queue } from '../tasks/queue.ts';
import type { Acceptance } from './acceptance.ts';
import type { Made, Matter } from './matter.ts';
import { turnOf } from './prompts.ts';
import type { RelatedMatter, RelatedNotes } from './relatedNotes.ts';
import { assertSense, type Subject, type Subjects } from './subjects.ts';
import { openParts, partsOf, type SuggestionRow, toSuggestion } from './suggestionRow.ts';
import { createSuggestionStore } from './suggestionStore.ts';
import { askTiny, plainTitle } from './tiny.ts';
import type { WeekFigures } from './weekFigures.ts';
import { plainReview } from './weekReview.ts';

/** What a task that makes a suggestion is given. */
export type AskedMatter = Matter | RelatedMatter | { about: 'review'; figures: WeekFigures };

/**
 * What models propose for notes, items and weeks. `ref` is a suggestion's id, or its number in decimal; an unknown one throws
 * `not_found`.
 */
export interface Suggestions {
  ask(params: ParsedParams<'suggestion/ask'>): Suggestion;
  list(params: ParsedParams<'suggestion/list'>): Suggestion[];
  get(ref: string): Suggestion;
  accept(params: ParsedParams<'suggestion/accept'>): Result<'suggestion/accept'>;
  dismiss(params: ParsedParams<'suggestion/dismiss'>): Suggestion;
  /** What the task of an attempt is to make a suggestion of: the same for each attempt of a run. */
  begin(attempt: Attempt): AskedMatter;
  /** What came of it; inside the caller's transaction. */
  put(task: Task, made: Made, model: string): void;
  /** Tells of suggestions that changed since the last look: other servers', those of tasks, and those that went stale. */
  poll(): void;
}

interface SuggestionsDeps {
  db: Db;
  queue: Pick<Queue, 'submit' | 'cancel' | 'transact'>;
  engine: Pick<Engine, 'describe'>;
  subjects: Subjects;
  related: RelatedNotes;
  figures(monday: string): WeekFigures;
  acceptance: Acceptance;
  now: () => number;
  /** Told after the commit. */
  onChange(suggestion: Suggestion): void;
}

export function createSuggestions(deps: SuggestionsDeps): Suggestions {
  const { db, queue, engine, subjects, related, figures, acceptance, now, onChange } = deps;
  const store = createSuggestionStore({ db });
  /** Live suggestions as listeners know them. */
  const known = new Map<number, string>();

  const { row } = store;
  const isStale = (found: SuggestionRow): boolean =>
    found.status === 'open' && subjects.basis(found, found.about) !== found.basis;
  const shown = (found: SuggestionRow): Suggestion => toSuggestion(found, isStale(found));
  const stateOf = ({ status, updatedAt, stale }: Suggestion): string => `${status} ${updatedAt} ${stale}`;

  const poll = () => {
    const gone = new Set(known.keys());
    const changed: Suggestion[] = [];
    for (const suggestion of guarded(() => store.live().map(shown))) {
      gone.delete(suggestion.number);
      if (known.get(suggestion.number) !== stateOf(suggestion)) changed.push(suggestion);
      known.set(suggestion.number, stateOf(suggestion));
    }
    for (const number of gone) {
      known.delete(number);
      // Without a row it went with its note, of which clients are told.
      const decided = guarded(() => store.numbered(number));
      if (decided) changed.push(shown(decided));
    }
    for (const suggestion of changed) onChange(suggestion);
  };
  for (const suggestion of guarded(() => store.live().map(shown))) known.set(suggestion.number, stateOf(suggestion));

  const commit = <T>(change: () => T): T => {
    const result = guarded(() => acceptance.commit(change));
    try {
      poll();
    } catch (thrown) {
      // The change is committed, so the caller must not hear that it failed; the next round tells.
      process.emitWarning(`Suggestions could not be read: ${thrown instanceof Error ? thrown.message : ''}`);
    }
    return result;
  };

  const matterOf = (subject: Subject, about: Suggestion['about']): AskedMatter => {
    if (about === 'review') return { about, figures: figures(subject.week ?? '') };
    if (about !== 'related') return subjects.matter(subject, about);
    const { title, text } = subjects.matter(subject, 'title');
    return { about, note: subject.note, title, text };
  };

  /** What needs no model, or none that is there: undefined where a task is to make it. Throws for what no model could. */
  const atOnce = (matter: AskedMatter, model: string): Made | undefined => {
    if (matter.about === 'related') return related.model() === undefined ? related.byWords(matter) : undefined;
    const info = engine.describe(model);
    if (matter.about === 'review') return info.profile === 'tiny' ? plainReview(matter.figures) : undefined;
    if (info.profile !== 'tiny') {
      turnOf(matter, info);
      return undefined;
    }
    if (matter.about === 'title') return plainTitle(matter);
    askTiny(matter);
    return undefined;
  };

  const made = ({ number }: Pick<SuggestionRow, 'number'>, { reason, parts }: Made, model: string | null) => {
    const status = parts.length === 0 ? 'dismissed' : 'open';
    store.setMade({ number, status, reason, parts: JSON.stringify(openParts(parts)), model, at: now() });
  };

  /** Gives up what is still to be made or decided. */
  const drop = (found: SuggestionRow) => {
    const parts = partsOf(found).map((part) =>
      part.status === 'open' ? { ...part, status: 'dismissed' as const } : part,
    );
    const status = parts.some((part) => part.status === 'accepted') ? 'accepted' : 'dismissed';
    store.setDecided({ number: found.number, status, parts: JSON.stringify(parts), at: now() });
    if (found.status === 'asked' && found.task_uid !== null) queue.cancel(found.task_uid);
  };

  /** What is open of these parts, or of all; throws for one that is not. */
  const chosen = (found: SuggestionRow, wanted: readonly number[] | undefined): number[] => {
    if (found.status !== 'open')
      throw new OspainError(
        'wrong_state',
        `Suggestion ${found.number} is ${found.status}: there is nothing to decide.`,
      );
    const parts = partsOf(found);
    const open = parts.flatMap(({ status }, index) => (status === 'open' ? [index] : []));
    for (const index of wanted ?? []) {
      if (open.includes(index)) continue;
      const part = parts[index];
      if (part === undefined)
        throw new OspainError('invalid_params', `Suggestion ${found.number} has no part ${index}.`);
      throw new OspainError('wrong_state', `Part ${index} of suggestion ${found.number} is ${part.status}.`);
    }
    return [...new Set(wanted ?? open)];
  };

  const decide = (found: SuggestionRow, chosen: readonly number[], as: 'accepted' | 'dismissed') => {
    const parts = partsOf(found).map((part, index) => (chosen.includes(index) ? { ...part, status: as } : part));
    const has = (status: string) => parts.some((part) => part.status === status);
    const status = has('open') ? 'open' : has('accepted') ? 'accepted' : 'dismissed';
    store.setDecided({ number: found.number, status, parts: JSON.stringify(parts), at: now() });
  };

  /** What was fresh before a change of ours is fresh after it. */
  const keepingFresh = <T>(subject: Subject, change: () => T): T => {
    const open = subject.week === null ? store.live().filter((one) => isOf(one, subject) && !isStale(one)) : [];
    const result = change();
    for (const one of open) store.setBasis(one.number, subjects.basis(one, one.about) ?? '');
    return result;
  };

  return {
    ask: ({ id = randomUUID(), about, of, model }) =>
      commit(() => {
        assertSense(about, of);
        const there = store.find(id);
        const subject = subjects.find(of);
        if (there !== undefined) {
          if (there.about === about && there.asked_model === model && isOf(there, subject)) return shown(there);
          throw new OspainError('conflict', `The id ${id} belongs to a suggestion that was asked for otherwise.`);
        }
        const matter = matterOf(subject, about);
        const before = store.alike(subject, about);
        const asked = before.find((one) => one.status === 'asked' && one.asked_model === model);
        if (asked) return shown(asked);
        const ready = atOnce(matter, model);
        for (const one of before) drop(one);
        const basis = subjects.basis(subject, about) ?? '';
        store.add({ id, about, ...subject, asked_model: model, basis, created_at: now() });
        if (ready) made(row(id), ready, null);
        else {
          const instruction = `${ASKS[about]} ${subjects.words(subject)}`;
          const works = about === 'related' ? 'embed' : model;
          const task = queue.submit({ kind: 'suggest', instruction, model: works, autoAccept: 'none' });
          store.setTask(row(id).number, task.number);
        }
        return shown(row(id));
      }),
    list: ({ of, status, before = Number.MAX_SAFE_INTEGER, limit }) =>
      guarded(() => {
        const statuses = status === undefined ? null : JSON.stringify(status);
        const subject = of === undefined ? undefined : subjects.find(of);
        return store.page(subject, { status: statuses, before, limit }).map(shown);
      }),
    get: (ref) => guarded(() => shown(row(ref))),
    accept: ({ suggestionId, parts: wanted, anyway }) =>
      commit(() => {
        const found = row(suggestionId);
        const accepted = chosen(found, wanted);
        if (isStale(found) && !anyway)
          throw new OspainError('conflict', `What suggestion ${found.number} was made of has changed since.`, {
            hint: 'Ask for it again, or accept it anyway.',
          });
        const parts = partsOf(found).filter((_, index) => accepted.includes(index));
        const effect = keepingFresh(found, () => {
          decide(found, accepted, 'accepted');
          return acceptance.apply(found, parts);
        });
        return { suggestion: shown(row(found.id)), ...effect };
      }),
    dismiss: ({ suggestionId, parts }) =>
      commit(() => {
        const found = row(suggestionId);
        if (found.status === 'asked') drop(found);
        else decide(found, chosen(found, parts), 'dismissed');
        return shown(row(found.id));
      }),
    begin({ task, history, write }) {
      const found = guarded(() => store.ofTask(task.number));
      if (found?.status !== 'asked')
        throw new OspainError('wrong_state', 'Nobody waits for this suggestion any more.', {
          hint: 'Ask for it again.',
        });
      if (history.length > 0 && found.matter !== null) return JSON.parse(found.matter) as AskedMatter;
      const matter = matterOf(found, found.about);
      const basis = subjects.basis(found, found.about) ?? '';
      write(() => store.setMatter(found.number, JSON.stringify(matter), basis));
      return matter;
    },
    put(task, result, model) {
      const found = store.ofTask(task.number);
      if (found?.status === 'asked') made(found, result, model);
    },
    poll,
  };
}

const isOf = (one: Subject, other: Subject): boolean =>
  one.note === other.note && one.item_id === other.item_id && one.week === other.week;

/** What the task is called; the text that it is about is not in it. */
const ASKS: Readonly<Record<Suggestion['about'], string>> = {
  tags: 'Suggest tags for',
  horizon: 'Suggest when to do',
  title: 'Suggest a title for',
  steps: 'Suggest steps for',
  related: 'Find notes related to',
  review: 'Review',
};
