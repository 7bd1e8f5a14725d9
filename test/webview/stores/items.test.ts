import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import { type Client, type Item, type ItemHistory, OspainError, placeBetween } from '../../../protocol/index.ts';
import { createItemsStore } from '../../../webview/stores/items.ts';

const places = [0, 1, 2, 3, 4, 5].reduce<string[]>((made) => [...made, placeBetween(made.at(-1) ?? null, null)], []);
const none: ItemHistory = { undo: null, redo: null };

const item = (number: number, change: Partial<Item> = {}): Item => ({
  ...{ id: `i${number}`, number, title: `Item ${number}`, horizon: 'now', place: places[number] ?? '', estimate: null },
  ...{ start: null, due: null, doneAt: null, doneOn: null, doneBy: null, tags: [], noteId: null, box: null },
  ...{ dependsOn: [], needsPerson: true, tasks: [], scheduleId: null, version: 1, createdAt: 0, updatedAt: 0 },
  ...change,
});

interface Asked {
  readonly method: string;
  readonly params: Record<string, unknown>;
  answer(result: object): Promise<void>;
  fail(code?: 'conflict'): Promise<void>;
}

/** A store whose requests the test answers, and whose messages are drawn when the test says so. */
function fixture() {
  const asked: Asked[] = [];
  const refused: unknown[] = [];
  const listeners = new Map<string, (params: never) => void>();
  let draw = () => {};
  const settled = () => new Promise((done) => setImmediate(done));
  const client: Client = {
    request: (method, params) =>
      new Promise((resolve, reject) => {
        asked.push({
          ...{ method, params: params as Record<string, unknown> },
          async answer(result) {
            resolve(result as never);
            await settled();
          },
          async fail(code = 'conflict') {
            reject(new OspainError(code, 'No.'));
            await settled();
          },
        });
      }),
    on: (method, listener) => {
      listeners.set(method, listener as never);
      return () => listeners.delete(method);
    },
    close: async () => {},
  };
  let ids = 0;
  const store = createItemsStore({
    ...{ client, now: () => Date.UTC(2026, 10, 23, 12), onRefusal: (error) => refused.push(error) },
    newId: () => `new${++ids}`,
    soon: (callback) => {
      draw = callback;
    },
  });
  const next = async (): Promise<Asked> => {
    await settled();
    const first = asked.shift();
    if (first === undefined) throw new Error('nothing was asked for');
    return first;
  };
  return {
    ...{ store, asked, refused, next },
    tell: (method: string, params: object) => listeners.get(method)?.(params as never),
    draw: () => draw(),
    now: () => store.getState().order.now.join(' '),
    async loaded(...items: Item[]) {
      store.open();
      await (await next()).answer({ items, total: items.length, history: none });
    },
  };
}

it('loads all that is open, page by page, once', async () => {
  const { store, next, now, asked } = fixture();
  store.open();
  store.open();
  const first = await next();
  deepEqual(first.params, { done: false, limit: 1000 });
  const many = Array.from({ length: 1000 }, (_, n) =>
    item(n, { horizon: 'later', place: `i${String(n).padStart(7, '0')}i` }),
  );
  await first.answer({ items: many, total: 1001, history: none });
  const second = await next();
  equal(second.params['after'], 'i999');
  equal(store.getState().state, 'loading');
  await second.answer({ items: [item(1001, { place: 'z0000000i' })], total: 1001, history: none });
  deepEqual([store.getState().state, now(), store.getState().order.later.length], ['ready', 'i1001', 1000]);
  equal(asked.length, 0);
});

it('shows a move at once, and what the server says of it then', async () => {
  const { store, next, now, loaded } = fixture();
  await loaded(item(1), item(2), item(3));
  const moved = store.move('i3', 'now', 'i1');
  equal(now(), 'i3 i1 i2');
  const { params, answer } = await next();
  deepEqual([params['itemId'], params['before'], typeof params['changeId']], ['i3', 'i1', 'string']);
  await answer({
    item: item(3, { place: placeBetween(null, places[1] ?? null), version: 2 }),
    change: 1,
    history: none,
  });
  equal(await moved, true);
  equal(now(), 'i3 i1 i2');
});

it('takes back what was refused, and says why', async () => {
  const { store, next, now, loaded, refused } = fixture();
  await loaded(item(1), item(2));
  const moved = store.move('i1', 'later', undefined);
  equal(now(), 'i2');
  await (await next()).fail();
  deepEqual([await moved, now(), refused.length], [false, 'i1 i2', 1]);
  void store.remove('i2');
  equal(now(), 'i1');
  await (await next()).fail();
  equal(now(), 'i1 i2');
});

it('asks for one thing after the other, each with the version that the one before left', async () => {
  const { store, next, asked, loaded } = fixture();
  await loaded(item(1));
  void store.change('i1', { title: 'One' });
  const second = store.change('i1', { estimate: 30, done: true });
  const shown = store.getState().items.get('i1');
  deepEqual([shown?.title, shown?.estimate, shown?.doneOn], ['One', 30, '2026-11-23']);
  const first = await next();
  equal(asked.length, 0);
  equal(first.params['version'], 1);
  await first.answer({ item: item(1, { title: 'One', version: 2 }), change: 1, history: none });
  const { params, answer } = await next();
  equal(params['version'], 2);
  await answer({ item: item(1, { title: 'One', estimate: 30, version: 3 }), change: 2, history: none });
  equal(await second, true);
});

it('draws what others did, but no older news over what the person sees', async () => {
  const { store, next, now, loaded, tell, draw } = fixture();
  await loaded(item(1), item(2));
  tell('item/didChange', { item: item(4) });
  tell('item/didRemove', { itemId: 'i2' });
  equal(now(), 'i1 i2');
  draw();
  equal(now(), 'i1 i4');
  void store.change('i1', { title: 'Mine' });
  tell('item/didChange', { item: item(1, { title: 'Older' }) });
  draw();
  equal(store.getState().items.get('i1')?.title, 'Mine');
  await (await next()).answer({ item: item(1, { title: 'Mine', version: 2 }), change: 1, history: none });
  tell('item/didChange', { item: item(1, { title: 'Newer', version: 3 }) });
  draw();
  equal(store.getState().items.get('i1')?.title, 'Newer');
});

it('undoes what is next when its turn comes, and nothing when there is nothing', async () => {
  const { store, next, loaded, tell, now } = fixture();
  await loaded(item(1), item(2));
  equal(await store.undo(), null);
  const entry = (change: number, id: string) => ({ change, deed: 'move' as const, itemId: id, title: 'x' });
  tell('item/didHistory', { undo: entry(7, 'i1'), redo: null });
  const [first, second] = [store.undo(), store.undo()];
  const one = await next();
  equal(one.params['change'], 7);
  await one.answer({
    item: item(1, { horizon: 'later', version: 2 }),
    history: { undo: entry(6, 'i2'), redo: entry(7, 'i1') },
  });
  const two = await next();
  equal(two.params['change'], 6);
  await two.answer({ item: null, history: none });
  deepEqual([(await first)?.change, (await second)?.change, now()], [7, 6, '']);
});

it('asks again for all after the line was away, and forgets what is gone', async () => {
  const { store, next, now, loaded } = fixture();
  await loaded(item(1), item(2));
  store.resync();
  equal(now(), 'i1 i2');
  await (await next()).answer({ items: [item(2), item(3)], total: 2, history: none });
  equal(now(), 'i2 i3');
  store.resync();
  await (await next()).fail();
  deepEqual([store.getState().state, OspainError.from(store.getState().error).code], ['ready', 'conflict']);
});
