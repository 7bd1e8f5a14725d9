import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../protocol/client.ts';
import type { Horizon, Item, ItemHistory } from '../../protocol/items.ts';
import type { Params } from '../../protocol/methods.ts';
import { guessChange, guessPlace, type ItemChange } from './itemGuesses.ts';

type Undoable = NonNullable<ItemHistory['undo']>;

export interface ItemsState {
  /** Always the same map; what is in it changes. Select an item, not the map. */
  readonly items: ReadonlyMap<string, Item>;
  /** The ids of each horizon, by place. A horizon in which nothing changed keeps its array. */
  readonly order: Readonly<Record<Horizon, readonly string[]>>;
  readonly history: ItemHistory;
  /** Grows with every change: for what is made of many items. */
  readonly version: number;
  /** Whether all open items are known. */
  readonly state: 'new' | 'loading' | 'ready';
  /** Why they could not be loaded. */
  readonly error: unknown;
}

/** What a person does is shown at once, and taken back when the server refuses it; one thing is asked for after the other. */
export interface ItemsStore extends StoreApi<ItemsState> {
  /** Loads all open items, once. What is done comes as it is asked for by id. */
  open(): void;
  /** Loads one that is not known, such as one that is done. */
  find(ref: string): Promise<Item | undefined>;
  /** Resolves with the item, or undefined when it was refused. */
  add(params: Omit<Params<'item/add'>, 'id'>): Promise<Item | undefined>;
  change(id: string, change: ItemChange): Promise<boolean>;
  /** Directly before another item of that horizon, or to its end. */
  move(id: string, horizon: Horizon, before: string | undefined): Promise<boolean>;
  remove(id: string): Promise<boolean>;
  /** Resolves with what was taken back: null when there was nothing, undefined when it was refused. */
  undo(): Promise<Undoable | null | undefined>;
  redo(): Promise<Undoable | null | undefined>;
  start(params: Params<'item/start'>): Promise<boolean>;
  /** Asks for all again that was known: for a line that was away. */
  resync(): void;
  dispose(): void;
}

export interface ItemsDeps {
  readonly client: Client;
  /** Calls back once, soon: many messages in between are drawn as one. */
  readonly soon: (callback: () => void) => void;
  readonly newId: () => string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Why the last thing that a person did was not done. */
  readonly onRefusal: (error: unknown) => void;
}

const PAGE = 1000;

const none: Readonly<Record<Horizon, readonly string[]>> = { now: [], next: [], later: [], someday: [] };

export function createItemsStore({ client, soon, newId, now, onRefusal }: ItemsDeps): ItemsStore {
  const items = new Map<string, Item>();
  const store = createStore<ItemsState>(() => ({
    ...{ items, order: none, history: { undo: null, redo: null }, version: 0, state: 'new' },
    error: undefined,
  }));
  /** As the server said them last, where a guess is shown meanwhile. */
  const said = new Map<string, Item>();
  const heard = new Map<string, Item | null>();
  /** Grows with each resync: pages that were asked for before are not of it. */
  let era = 0;
  /** What was asked for last; the next thing waits for it. */
  let last: Promise<unknown> = Promise.resolve();

  /** Shows items, null for those that are gone, and orders the horizons that this touches. */
  const show = (incoming: Iterable<readonly [string, Item | null]>) => {
    const touched = new Set<Horizon>();
    for (const [id, item] of incoming) {
      const known = items.get(id);
      if (known?.horizon !== item?.horizon || known?.place !== item?.place)
        for (const { horizon } of [known, item].filter((one) => one != null)) touched.add(horizon);
      if (item === null) items.delete(id);
      else items.set(id, item);
    }
    const { order, version } = store.getState();
    const fresh = Object.fromEntries([...touched].map((name) => [name, sorted(items, name)]));
    store.setState({ order: { ...order, ...fresh }, version: version + 1 });
  };
  /** The same of what the server said: of an item that is guessed about, what is shown is newer until the last answer. */
  const take = (incoming: Iterable<readonly [string, Item | null]>) => {
    const fresh = [...incoming].filter(([id, item]) => item === null || item.version >= (said.get(id)?.version ?? 0));
    for (const [id, item] of fresh) {
      if (item === null) said.delete(id);
      else said.set(id, item);
    }
    const shown = fresh.filter(([id, item]) => item === null || item.version >= (items.get(id)?.version ?? 0));
    if (shown.length > 0) show(shown);
  };
  const flush = () => {
    const incoming = [...heard];
    heard.clear();
    take(incoming);
  };
  const hear = (id: string, item: Item | null) => {
    heard.set(id, item);
    if (heard.size === 1) soon(flush);
  };

  const load = async () => {
    era += 1;
    const mine = era;
    store.setState({ state: 'loading', error: undefined });
    const found = new Map<string, Item>();
    try {
      for (let after: string | undefined; ; ) {
        const page = await client.request('item/list', {
          done: false,
          limit: PAGE,
          ...(after === undefined ? {} : { after }),
        });
        if (mine !== era) return;
        for (const item of page.items) found.set(item.id, item);
        after = page.items.at(-1)?.id;
        store.setState({ history: page.history });
        if (page.items.length < PAGE || after === undefined) break;
      }
      const gone = [...items.values()].filter(({ id, doneAt }) => doneAt === null && !found.has(id));
      take([...gone.map(({ id }) => [id, null] as const), ...found]);
      store.setState({ state: 'ready' });
    } catch (error) {
      if (mine === era) store.setState({ state: items.size > 0 ? 'ready' : 'new', error });
    }
  };

  /** Shows a guess until the server has answered: then what it says. */
  const ask = <T>(id: string | undefined, guess: Guess, run: () => Promise<T>): Promise<T | undefined> => {
    const item = id === undefined ? undefined : items.get(id);
    const guessedItem = item && guess(item);
    if (item !== undefined) show([[item.id, guessedItem ? { ...guessedItem, version: item.version + 1 } : null]]);
    const answer = last.then(run).catch((error: unknown) => {
      if (item !== undefined) show([[item.id, said.get(item.id) ?? null]]);
      onRefusal(error);
      return undefined;
    });
    last = answer;
    return answer;
  };
  const took = <T extends { item?: Item | null; history?: ItemHistory }>(answer: T): T => {
    if (answer.item) take([[answer.item.id, answer.item]]);
    if (answer.history) store.setState({ history: answer.history });
    return answer;
  };
  const isDone = (answer: unknown): boolean => answer !== undefined;

  const turn = (way: 'undo' | 'redo'): Promise<Undoable | null | undefined> =>
    ask(undefined, gone, async () => {
      // As it is when it is this one's turn: a person may press the key twice.
      const next = store.getState().history[way];
      if (next === null) return null;
      const { item } = took(await client.request(`item/${way}`, { change: next.change }));
      if (item === null) take([[next.itemId, null]]);
      return next;
    });

  const stops = [
    client.on('item/didChange', ({ item }) => hear(item.id, item)),
    client.on('item/didRemove', ({ itemId }) => hear(itemId, null)),
    client.on('item/didHistory', (history) => store.setState({ history })),
  ];

  return {
    ...store,
    open() {
      if (store.getState().state === 'new') void load();
    },
    async find(ref) {
      const known = items.get(ref) ?? [...items.values()].find(({ number }) => String(number) === ref);
      if (known !== undefined) return known;
      try {
        const { item } = await client.request('item/show', { itemId: ref });
        take([[item.id, item]]);
        return item;
      } catch {
        return undefined;
      }
    },
    async add(params) {
      const id = newId();
      return (await ask(undefined, gone, async () => took(await client.request('item/add', { id, ...params }))))?.item;
    },
    async change(id, change) {
      const changeId = newId();
      const run = async () => {
        const version = said.get(id)?.version;
        const params = { itemId: id, ...change, changeId, ...(version === undefined ? {} : { version }) };
        return took(await client.request('item/change', params));
      };
      return isDone(await ask(id, (item) => guessChange(item, change, now()), run));
    },
    async move(id, horizon, before) {
      const params = { itemId: id, horizon, changeId: newId(), ...(before === undefined ? {} : { before }) };
      const guess = (item: Item) => ({ ...item, horizon, place: guessPlace(store.getState(), item, horizon, before) });
      return isDone(await ask(id, guess, async () => took(await client.request('item/move', params))));
    },
    async remove(id) {
      const params = { itemId: id, changeId: newId() };
      return isDone(await ask(id, gone, async () => took(await client.request('item/remove', params))));
    },
    undo: () => turn('undo'),
    redo: () => turn('redo'),
    async start(params) {
      const taskId = newId();
      const run = async () => took(await client.request('item/start', { taskId, ...params }));
      return isDone(await ask(undefined, gone, run));
    },
    resync() {
      heard.clear();
      if (store.getState().state !== 'new') void load();
    },
    dispose() {
      for (const stop of stops) stop();
    },
  };
}

type Guess = (item: Item) => Item | null;
const gone: Guess = () => null;

function sorted(items: ReadonlyMap<string, Item>, horizon: Horizon): readonly string[] {
  const own = [...items.values()].filter((item) => item.horizon === horizon);
  own.sort((one, other) => (one.place < other.place ? -1 : one.place > other.place ? 1 : one.number - other.number));
  return own.map(({ id }) => id);
}
