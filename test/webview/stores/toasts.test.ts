import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import { OspainError } from '../../../protocol/errors.ts';
import { createToastsStore } from '../../../webview/stores/toasts.ts';

function fixture() {
  const timers: (() => void)[] = [];
  const store = createToastsStore((_ms, callback) => timers.push(callback));
  const texts = () => store.getState().toasts.map(({ text }) => text);
  return { store, timers, texts };
}

it('lets what was done go by itself, and keeps what failed until it is closed', () => {
  const { store, timers, texts } = fixture();
  store.say('Moved.');
  store.fail(new OspainError('conflict', 'It was changed meanwhile.', { hint: 'Look at both.' }));
  equal(timers.length, 1);
  for (const timer of timers) timer();
  deepEqual(texts(), ['It was changed meanwhile.']);
  const [toast] = store.getState().toasts;
  equal(toast?.hint, 'Look at both.');
  store.close(toast?.id ?? 0);
  deepEqual(texts(), []);
});

it('says the same once, and never more than a few', () => {
  const { store, timers, texts } = fixture();
  store.say('Moved.');
  store.say('Moved.');
  deepEqual(texts(), ['Moved.']);
  // The timer of the first leaves the second alone.
  timers[0]?.();
  deepEqual(texts(), ['Moved.']);
  for (let at = 1; at <= 6; at++) store.fail(new Error(`${at}`));
  equal(texts().length, 2, 'unknown errors have one sentence');
  for (let at = 1; at <= 6; at++) store.say(`${at}`);
  deepEqual(texts(), ['3', '4', '5', '6']);
});
