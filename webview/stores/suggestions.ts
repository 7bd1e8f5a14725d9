import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../protocol/client.ts';
import type { Params } from '../../protocol/methods.ts';
import type { About, Suggestion, SuggestionSubject } from '../../protocol/suggestions.ts';

/** What is known of the suggestions for one note, item or week. */
export interface SuggestionGroup {
  /** Of each sort the newest that matters now, in the order in which they were asked for. */
  readonly suggestions: readonly Suggestion[];
  readonly loading: boolean;
  /** What asking, accepting or loading failed with last. */
  readonly error: unknown;
}

export interface SuggestionsState {
  readonly groups: ReadonlyMap<string, SuggestionGroup>;
}

export interface SuggestionsStore extends StoreApi<SuggestionsState> {
  /** Loads those of a subject unless they are known. */
  open(of: SuggestionSubject): void;
  ask(about: About, of: SuggestionSubject): Promise<void>;
  /** Answers whether it was done. */
  accept(suggestion: Suggestion, choice?: Omit<Params<'suggestion/accept'>, 'suggestionId'>): Promise<boolean>;
  dismiss(suggestion: Suggestion, parts?: readonly number[]): Promise<void>;
  /** Takes one out of sight that nothing is to be decided about. */
  hide(suggestion: Suggestion): void;
  /** Asks for all again that was known: for a line that was away. */
  resync(): void;
  dispose(): void;
}

export interface SuggestionsDeps {
  readonly client: Client;
  readonly newId: () => string;
}

/** One name for a subject, as a key. */
export const subjectKey = (of: SuggestionSubject): string => Object.entries(of).flat().join(' ');

export function createSuggestionsStore({ client, newId }: SuggestionsDeps): SuggestionsStore {
  const store = createStore<SuggestionsState>(() => ({ groups: new Map() }));
  const subjects = new Map<string, SuggestionSubject>();
  /** Asked for here: what comes of these is shown also when there is nothing to decide. */
  const mine = new Set<string>();

  const setGroup = (key: string, change: Partial<SuggestionGroup>) => {
    const groups = new Map(store.getState().groups);
    groups.set(key, { ...unknown, ...groups.get(key), ...change });
    store.setState({ groups });
  };
  const put = (suggestion: Suggestion) => {
    const key = subjectKey(suggestion.of);
    const group = store.getState().groups.get(key);
    if (group === undefined) return;
    const known = group.suggestions.find(({ id }) => id === suggestion.id);
    if (known !== undefined && known.updatedAt > suggestion.updatedAt) return;
    const others = group.suggestions.filter(({ id }) => id !== suggestion.id);
    const suggestions = [...others, suggestion].filter((one) => matters(one, mine)).sort(byNumber);
    setGroup(key, { suggestions: newestOfEach(suggestions).sort(byNumber) });
  };
  const load = async (of: SuggestionSubject) => {
    const key = subjectKey(of);
    setGroup(key, { loading: true });
    try {
      const { suggestions } = await client.request('suggestion/list', {
        of,
        status: ['asked', 'open', 'failed'],
        limit: 50,
      });
      setGroup(key, { suggestions: [], loading: false, error: undefined });
      for (const suggestion of suggestions.toReversed()) put(suggestion);
    } catch (error) {
      setGroup(key, { loading: false, error });
    }
  };
  const attempt = async (of: SuggestionSubject, run: () => Promise<{ suggestion: Suggestion }>): Promise<boolean> => {
    try {
      put((await run()).suggestion);
      setGroup(subjectKey(of), { error: undefined });
      return true;
    } catch (error) {
      setGroup(subjectKey(of), { error });
      return false;
    }
  };
  const stop = client.on('suggestion/didChange', ({ suggestion }) => put(suggestion));

  return {
    ...store,
    open(of) {
      const key = subjectKey(of);
      subjects.set(key, of);
      if (!store.getState().groups.has(key)) void load(of);
    },
    async ask(about, of) {
      const id = newId();
      mine.add(id);
      if (!store.getState().groups.has(subjectKey(of))) setGroup(subjectKey(of), {});
      await attempt(of, async () => {
        const answer = await client.request('suggestion/ask', { id, about, of });
        // One that was on its way already is given instead.
        mine.add(answer.suggestion.id);
        return answer;
      });
    },
    accept: ({ id, of }, choice = {}) =>
      attempt(of, () => client.request('suggestion/accept', { suggestionId: id, ...choice })),
    async dismiss({ id, of }, parts) {
      mine.delete(id);
      const some = parts === undefined ? {} : { parts: [...parts] };
      await attempt(of, () => client.request('suggestion/dismiss', { suggestionId: id, ...some }));
    },
    hide({ id, of }) {
      mine.delete(id);
      const key = subjectKey(of);
      const group = store.getState().groups.get(key);
      if (group !== undefined) setGroup(key, { suggestions: group.suggestions.filter((one) => one.id !== id) });
    },
    resync() {
      for (const of of subjects.values()) void load(of);
    },
    dispose: stop,
  };
}

const unknown: SuggestionGroup = { suggestions: [], loading: false, error: undefined };

const byNumber = (one: Suggestion, other: Suggestion): number => one.number - other.number;

/** What was decided on is over, but for an answer that there is nothing to suggest, where somebody waits for it. */
const matters = ({ id, status, parts }: Suggestion, mine: ReadonlySet<string>): boolean =>
  status === 'asked' || status === 'open' || status === 'failed' || (parts.length === 0 && mine.has(id));

const newestOfEach = (suggestions: readonly Suggestion[]): Suggestion[] => [
  ...new Map(suggestions.map((suggestion) => [suggestion.about, suggestion])).values(),
];
