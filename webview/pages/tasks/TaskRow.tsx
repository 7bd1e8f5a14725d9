import { type KeyboardEvent, memo } from 'react';
import { oneLine } from '../../../protocol/quantities.ts';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { TaskStatus, taskStatusWord } from '../../components/TaskStatus.tsx';
import type { RowFocus } from '../../components/VirtualList.tsx';
import { useHub, useTask } from '../../stores/hub.ts';
import { Icon } from '../../ui/Icon.tsx';
import { t } from '../../words.ts';
import type { TaskRow as RowOfTree } from './taskRows.ts';

/** Pixels that each level stands further in. */
const INDENT = 14;

interface TaskRowProps {
  readonly id: string;
  readonly depth: number;
  readonly isOpen: boolean;
  /** What the address names: an id or a number. */
  readonly chosen: string;
  readonly focus: RowFocus;
  /** Opens or closes its parts; absent in a list that has none. */
  readonly onTurn?: (id: string, isOpen: boolean) => void;
}

/** One task in a line. Its parts open with the arrow keys, as in any tree. Scrolling draws only rows that come into sight. */
export const TaskRow = memo(Row, (one, other) => {
  const { focus, ...rest } = one;
  const same = (Object.keys(rest) as (keyof typeof rest)[]).every((name) => one[name] === other[name]);
  return same && focus['data-row'] === other.focus['data-row'] && focus.tabIndex === other.focus.tabIndex;
});

function Row({ id, depth, isOpen, chosen, focus, onTurn }: TaskRowProps) {
  const { place } = useHub();
  const task = useTask(id);
  if (task === undefined) return null;
  const canTurn = onTurn !== undefined && task.children.total > 0;
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (canTurn && key === 'ArrowRight' && !isOpen) onTurn(id, true);
    if (canTurn && key === 'ArrowLeft' && isOpen) onTurn(id, false);
  };
  const isChosen = chosen === id || chosen === String(task.number);
  const indent = 24 + depth * INDENT;
  const room = chosen === '' ? 'narrow:block' : '';
  return (
    <div className="relative h-full">
      {canTurn ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={
            isOpen ? t('Hide the parts of task {0}', task.number) : t('Show the parts of task {0}', task.number)
          }
          onClick={() => onTurn(id, !isOpen)}
          style={{ left: indent - 20 }}
          className="absolute top-0 flex h-full w-5 items-center justify-center text-muted hover:text-ink"
        >
          <Icon name={isOpen ? 'down' : 'right'} className="size-3" />
        </button>
      ) : null}
      <button
        type="button"
        {...focus}
        aria-current={isChosen ? 'true' : undefined}
        aria-expanded={canTurn ? isOpen : undefined}
        onClick={() => place.go(`tasks/${task.number}`)}
        onKeyDown={onKeyDown}
        style={{ paddingLeft: indent }}
        className="flex h-full w-full items-center gap-2.5 pr-4 text-left hover:bg-hover aria-[current]:bg-chosen aria-[current]:text-chosen-ink hc:aria-[current]:outline hc:aria-[current]:outline-focus"
      >
        <TaskStatus task={task} />
        <span className="min-w-6 shrink-0 text-right tabular-nums opacity-80">{task.number}</span>
        <span className="min-w-0 flex-1 truncate">{oneLine(task.instruction, 200)}</span>
        <span className={`hidden max-w-64 shrink-0 truncate text-muted ${room}`}>
          {task.progress ?? taskStatusWord(task)}
        </span>
        <span className={`hidden w-24 shrink-0 text-right ${chosen === '' ? 'wide:block' : ''}`}>
          <RelativeTime at={task.createdAt} />
        </span>
      </button>
    </div>
  );
}

interface MoreRowProps {
  readonly row: Extract<RowOfTree, { type: 'more' }>;
  readonly focus: RowFocus;
  readonly onPress: () => void;
}

/** That a level goes on; the first one does by itself. */
export function MoreRow({ row, focus, onPress }: MoreRowProps) {
  return (
    <button
      type="button"
      {...focus}
      onClick={onPress}
      className="flex h-full w-full items-center text-left text-link hover:underline"
      style={{ paddingLeft: 24 + row.depth * INDENT }}
    >
      {t('Show older ones')}
    </button>
  );
}
