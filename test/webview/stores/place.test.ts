import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import { createPlaceStore, parsePlace } from '../../../webview/stores/place.ts';

it('keeps where the person goes, and follows the browser', () => {
  const kept: string[] = [];
  let browser = (_place: string) => {};
  const store = createPlaceStore({
    first: 'notes',
    keep: (place) => kept.push(place),
    onPlace: (listener) => {
      browser = listener;
    },
  });
  store.go('tasks/4');
  store.go('tasks/4');
  browser('notes');
  equal(store.getState().place, 'notes');
  deepEqual(kept, ['tasks/4']);
});

it('reads a place', () => {
  deepEqual(parsePlace('notes/daily/a.md'), { page: 'notes', rest: 'daily/a.md' });
  deepEqual(parsePlace('tasks'), { page: 'tasks', rest: '' });
  deepEqual(parsePlace(''), { page: '', rest: '' });
});
