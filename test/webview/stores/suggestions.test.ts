import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import type { Client } from '../../../protocol/client.ts';
import { OspainError } from '../../../protocol/errors.ts';
import type { Suggestion } from '../../../protocol/suggestions.ts';
import { createSuggestionsStore, subjectKey } from '../../../webview/stores/suggestions.ts';

const NOTE = { note: 'n1' };

const suggestion = (number: number, change: Partial<Suggestion> = {}): Suggestion => ({
  id: `s${number}`,
  number,
  about: 'tags',
  of: NOTE,
  name: 'daily.md',
  status: 'open',
  reason: 'Because.',
  parts: [{ text: 'bug', line: null, reason: null, status: 'open' }],
  model: 'canary@1.0.0',
  taskId: null,
  stale: false,
  error: null,
  createdAt: number,
  updatedAt: number,
  ...change,
});

/** A store and what it asked for; the test answers in order. */
function fixture() {
  const asked: { method: string; params: unknown }[] = [];
  const answers: (object | OspainError)[] = [];
  let listener: (params: { suggestion: Suggestion }) => void = () => {};
  const client: Client = {
    async request(method, params) {
      asked.push({ method, params });
      const answer = answers.shift();
      if (answer instanceof OspainError) throw answer;
      return answer as never;
    },
    on(_method, listen) {
      listener = listen as never;
      return () => {};
    },
    close: async () => {},
  };
  const store = createSuggestionsStore({ client, newId: () => 's9' });
  const group = () => store.getState().groups.get(subjectKey(NOTE));
  return {
    ...{ store, asked, answers, group },
    hear: (heard: Suggestion) => listener({ suggestion: heard }),
    shown: () => group()?.suggestions.map(({ id, status }) => `${id} ${status}`),
    async open(suggestions: readonly Suggestion[]) {
      answers.push({ suggestions });
      store.open(NOTE);
      await new Promise((done) => setImmediate(done));
    },
  };
}

it('shows the newest of each sort, and takes in what is told of them', async () => {
  const { open, hear, shown, asked } = fixture();
  hear(suggestion(1));
  equal(shown(), undefined, 'nobody looks at it yet');
  await open([suggestion(3, { about: 'title' }), suggestion(2), suggestion(1, { status: 'failed' })]);
  deepEqual(shown(), ['s2 open', 's3 open']);
  equal(asked.length, 1);
  hear(suggestion(4, { status: 'asked', parts: [] }));
  deepEqual(shown(), ['s3 open', 's4 asked']);
  hear(suggestion(4, { status: 'asked', parts: [], updatedAt: 3 }));
  hear(suggestion(4, { updatedAt: 6 }));
  hear(suggestion(4, { status: 'asked', parts: [], updatedAt: 4 }));
  deepEqual(shown(), ['s3 open', 's4 open'], 'what was said before counts no more');
  hear(suggestion(4, { updatedAt: 6, stale: true }));
  equal(fixture().group(), undefined);
  hear(suggestion(4, { status: 'accepted', updatedAt: 7 }));
  hear(suggestion(8, { of: { note: 'other' } }));
  deepEqual(shown(), ['s3 open']);
});

it('shows that there is nothing to suggest to who asked, until they close it', async () => {
  const { store, open, hear, shown, answers } = fixture();
  await open([]);
  const nothing: Partial<Suggestion> = { status: 'dismissed', parts: [] };
  hear(suggestion(5, nothing));
  deepEqual(shown(), []);
  answers.push({ suggestion: suggestion(9, { status: 'asked', parts: [] }) });
  await store.ask('tags', NOTE);
  deepEqual(shown(), ['s9 asked']);
  hear(suggestion(9, { ...nothing, updatedAt: 10 }));
  deepEqual(shown(), ['s9 dismissed']);
  store.hide(suggestion(9));
  deepEqual(shown(), []);
});

it('keeps what went wrong until something works again', async () => {
  const { store, open, group, asked, answers } = fixture();
  await open([suggestion(1)]);
  const conflict = new OspainError('conflict', 'It has changed.');
  answers.push(conflict, { suggestion: suggestion(1, { status: 'accepted', updatedAt: 2 }), note: null, items: [] });
  equal(await store.accept(suggestion(1), { parts: [0] }), false);
  equal(group()?.error, conflict);
  equal(await store.accept(suggestion(1), { anyway: true }), true);
  equal(group()?.error, undefined);
  deepEqual(asked.slice(1), [
    { method: 'suggestion/accept', params: { suggestionId: 's1', parts: [0] } },
    { method: 'suggestion/accept', params: { suggestionId: 's1', anyway: true } },
  ]);
});

it('asks for all again when the line was away', async () => {
  const { store, open, shown, answers } = fixture();
  await open([suggestion(1)]);
  answers.push({ suggestions: [suggestion(2)] });
  store.resync();
  await new Promise((done) => setImmediate(done));
  deepEqual(shown(), ['s2 open']);
});
