import type { Day, Horizon, Item } from '../../protocol/index.ts';

/** What people change of an item, as its row has it: each column by itself, so that undoing looks at nothing else. */
export interface ItemState {
  title: string;
  horizon: Horizon;
  place: string;
  estimate: number | null;
  start_on: Day | null;
  due_on: Day | null;
  done_at: number | null;
  done_on: Day | null;
  done_by: string | null;
  /** JSON. */
  tags: string;
  note_id: string | null;
  box: string | null;
  /** JSON: ids, some of which may have been removed. */
  depends_on: string;
  needs_person: 0 | 1;
  removed: 0 | 1;
}

export interface ItemRow extends ItemState {
  number: number;
  id: string;
  version: number;
  created_at: number;
  updated_at: number;
}

export const STATE_COLUMNS = [
  ...([
    'title',
    'horizon',
    'place',
    'estimate',
    'start_on',
    'due_on',
    'done_at',
    'done_on',
    'done_by',
    'tags',
  ] as const),
  ...(['note_id', 'box', 'depends_on', 'needs_person', 'removed'] as const),
] satisfies (keyof ItemState)[];

export const dependenciesOf = (row: Pick<ItemState, 'depends_on'>): string[] => JSON.parse(row.depends_on) as string[];

/** What lies in other tables is added by who reads it. */
export const toItem = (row: ItemRow, also: Pick<Item, 'dependsOn' | 'tasks' | 'scheduleId'>): Item => ({
  id: row.id,
  number: row.number,
  title: row.title,
  horizon: row.horizon,
  place: row.place,
  estimate: row.estimate,
  start: row.start_on,
  due: row.due_on,
  doneAt: row.done_at,
  doneOn: row.done_on,
  doneBy: row.done_by,
  tags: JSON.parse(row.tags) as string[],
  noteId: row.note_id,
  box: row.box,
  needsPerson: row.needs_person === 1,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  ...also,
});

/** The columns that an edit differs in from the row, as they were and as they become; undefined when it changes nothing. */
export function differences(
  row: ItemState,
  edit: Partial<ItemState>,
): { before: Partial<ItemState>; after: Partial<ItemState> } | undefined {
  const names = STATE_COLUMNS.filter((name) => edit[name] !== undefined && edit[name] !== row[name]);
  if (names.length === 0) return undefined;
  const of = (state: Partial<ItemState>) => Object.fromEntries(names.map((name) => [name, state[name]]));
  return { before: of(row), after: of(edit) };
}
