/** A row of the list of tasks: a task at its depth, or that there are more of a level than are known. */
export type TaskRow =
  | { readonly type: 'task'; readonly id: string; readonly depth: number; readonly isOpen: boolean }
  | { readonly type: 'more'; readonly parentId: string | null; readonly depth: number };

/** What is known of a level: its newest tasks, of so many. */
export interface KnownLevel {
  readonly ids: readonly string[];
  readonly total: number;
}

/** The rows of the tree, from top to bottom: below each open task its parts. */
export function taskRows(levels: ReadonlyMap<string | null, KnownLevel>, open: ReadonlySet<string>): TaskRow[] {
  const rows: TaskRow[] = [];
  // A list and no recursion: parts may be as deep as somebody makes them.
  const left: { readonly level: KnownLevel; readonly parentId: string | null; at: number }[] = [];
  const enter = (parentId: string | null) => {
    const level = levels.get(parentId);
    if (level !== undefined) left.push({ level, parentId, at: 0 });
  };
  enter(null);
  for (let top = left.at(-1); top !== undefined; top = left.at(-1)) {
    const depth = left.length - 1;
    const id = top.level.ids[top.at];
    top.at += 1;
    if (id !== undefined) {
      const isOpen = open.has(id);
      rows.push({ type: 'task', id, depth, isOpen });
      if (isOpen) enter(id);
      continue;
    }
    if (top.level.ids.length < top.level.total) rows.push({ type: 'more', parentId: top.parentId, depth });
    left.pop();
  }
  return rows;
}
