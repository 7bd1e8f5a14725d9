import {
  type AutoAccept,
  type Client,
  dayAt,
  type Horizon,
  type Item,
  type ItemHistory,
  OspainError,
  type Params,
  readMinutes,
  type TaskKind,
} from '../protocol/index.ts';
import { parseDay } from './days.ts';
import { itemTable } from './itemText.ts';
import { type Context, work } from './taskCommands.ts';
import { oneLine } from './text.ts';

export interface DetailOptions {
  estimate?: string;
  start?: string;
  due?: string;
  tag?: string[];
  after?: string[];
  /** Whether a task may do it alone. */
  alone?: boolean;
}

export interface AddOptions extends DetailOptions {
  horizon: Horizon;
  before?: string;
}

export interface ListOptions {
  horizon?: Horizon[];
  tag?: string;
  done?: boolean;
  all?: boolean;
  limit: number;
}

export interface StartOptions {
  kind: TaskKind;
  model: string;
  auto: AutoAccept;
  detach?: boolean;
}

const today = () => dayAt(Date.now());

/** People may write `#3`. */
const itemRef = (ref: string): string => ref.replace(/^#/, '');

/** `none` takes it away. */
const unless = <T>(text: string | undefined, read: (text: string) => T): T | null | undefined =>
  text === undefined ? undefined : text === 'none' ? null : read(text);

const estimateOf = (text: string): number => {
  const minutes = readMinutes(text);
  if (minutes !== undefined) return minutes;
  throw new OspainError('invalid_params', `${JSON.stringify(text.slice(0, 64))} is no time that something takes.`, {
    hint: 'Write 90, 1h30, 1.5h or 45min.',
  });
};

function detailsOf({ estimate, start, due, tag, after, alone }: DetailOptions) {
  const day = (text: string) => parseDay(text, today());
  const all = {
    ...{ estimate: unless(estimate, estimateOf), start: unless(start, day), due: unless(due, day) },
    tags: tag?.map((one) => one.replace(/^#/, '')),
    dependsOn: after?.map(itemRef),
    needsPerson: alone === undefined ? undefined : !alone,
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Name in keyof typeof all]?: Exclude<(typeof all)[Name], undefined> };
}

const name = ({ number, title }: Item): string => `Item ${number} (${oneLine(title)})`;

export async function addItem({ link, screen }: Context, title: string, options: AddOptions): Promise<number> {
  const { client } = await link.open();
  const { horizon, before } = options;
  const where = before === undefined ? { horizon } : { horizon, before: itemRef(before) };
  const { item } = await client.request('item/add', { title, ...where, ...detailsOf(options) });
  screen.data({ item });
  screen.print(`${name(item)} is planned for ${item.horizon}.`);
  return 0;
}

export async function listItems({ link, screen }: Context, options: ListOptions): Promise<number> {
  const { client } = await link.open();
  const { horizon, tag, limit } = options;
  const items: Item[] = [];
  for (let total = 1; items.length < Math.min(limit, total); ) {
    const after = items.at(-1)?.id;
    const page = await client.request('item/list', {
      ...(horizon === undefined ? {} : { horizon }),
      ...(tag === undefined ? {} : { tag: tag.replace(/^#/, '') }),
      ...(options.all === true ? {} : { done: options.done === true }),
      ...(after === undefined ? {} : { after }),
      limit: Math.min(limit - items.length, 1000),
    });
    total = page.total;
    items.push(...page.items);
    if (page.items.length === 0) break;
  }
  for (const item of items) screen.data({ item });
  const none = 'Nothing is planned. Begin with: ospain2 item add "…"';
  screen.print(items.length === 0 ? none : itemTable(items, today(), screen));
  return 0;
}

export interface ChangeOptions extends DetailOptions {
  title?: string;
}

export async function changeItem({ link, screen }: Context, ref: string, options: ChangeOptions): Promise<number> {
  const { client } = await link.open();
  const title = options.title === undefined ? {} : { title: options.title };
  return changed(screen, client, { itemId: itemRef(ref), ...title, ...detailsOf(options) }, 'is changed');
}

export async function setDone({ link, screen }: Context, ref: string, done: boolean): Promise<number> {
  const { client } = await link.open();
  return changed(screen, client, { itemId: itemRef(ref), done }, done ? 'is done' : 'is open again');
}

async function changed(screen: Context['screen'], client: Client, params: Params<'item/change'>, what: string) {
  const { item, change } = await client.request('item/change', params);
  screen.data({ item });
  screen.print(change === null ? `${name(item)} is so already.` : `${name(item)} ${what}.`);
  return 0;
}

export async function moveItem(
  { link, screen }: Context,
  ref: string,
  horizon: Horizon,
  { before }: { before?: string },
): Promise<number> {
  const { client } = await link.open();
  const where = before === undefined ? { horizon } : { horizon, before: itemRef(before) };
  const { item } = await client.request('item/move', { itemId: itemRef(ref), ...where });
  screen.data({ item });
  screen.print(`${name(item)} is planned for ${item.horizon}.`);
  return 0;
}

export async function removeItem({ link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  await client.request('item/remove', { itemId: itemRef(ref) });
  screen.print('Removed. It comes back with: ospain2 item undo');
  return 0;
}

export async function startItem(context: Context, ref: string, options: StartOptions): Promise<number> {
  const { kind, model, auto, detach } = options;
  const { client } = await context.link.open();
  const asked = { itemId: itemRef(ref), kind, model, autoAccept: auto };
  const { task } = await client.request('item/start', asked);
  return work(context, task, 0, detach === true);
}

const deeds: Readonly<Record<NonNullable<ItemHistory['undo']>['deed'], string>> = {
  add: 'the item',
  change: 'the change',
  move: 'the move',
  remove: 'the removal',
  done: '“done”',
  reopen: '“open again”',
};

export async function turn({ link, screen }: Context, way: 'undo' | 'redo'): Promise<number> {
  const { client } = await link.open();
  const { history } = await client.request('item/list', { limit: 1 });
  const next = history[way];
  const { item } = await client.request(`item/${way}`, next === null ? {} : { change: next.change });
  screen.data({ item });
  const what = next === null ? 'It' : `${deeds[next.deed]} of “${oneLine(next.title)}”`;
  screen.print(way === 'undo' ? `Taken back: ${what}.` : `Done again: ${what}.`);
  return 0;
}
