import type { Item } from '../../../protocol/items.ts';
import { minutesText } from '../../../protocol/minutes.ts';
import { TaskStatus } from '../../components/TaskStatus.tsx';
import { useHub } from '../../stores/hub.ts';
import { Icon } from '../../ui/Icon.tsx';
import { t } from '../../words.ts';
import { DoneBox } from './DoneBox.tsx';
import { usePlan } from './planContext.ts';
import { dueWord } from './planWords.ts';

export interface ItemRowProps {
  readonly item: Item;
  /** Whether the Tab key stops here: one row of each list. */
  readonly isStop: boolean;
  /** Its number in a `VirtualList`. */
  readonly row?: number | undefined;
}

export const ITEM_HEIGHT = 46;

/** An item in two lines: what it is, and what is known of it. */
export function ItemRow({ item, isStop, row }: ItemRowProps) {
  const { items } = useHub();
  const { panel, show } = usePlan();
  const isShown = panel?.name === 'item' && (panel.item === String(item.number) || panel.item === item.id);
  const tabIndex = isStop ? 0 : -1;
  return (
    <div
      className={`flex h-full w-full items-start gap-2 border-edge border-b px-3 py-1 ${isShown ? 'bg-chosen text-chosen-ink' : 'hover:bg-hover'}`}
    >
      <DoneBox item={item} tabIndex={tabIndex} onToggle={(done) => void items.change(item.id, { done })} />
      <button
        type="button"
        data-item={item.id}
        data-row={row}
        tabIndex={tabIndex}
        aria-current={isShown ? 'true' : undefined}
        onClick={() => show({ name: 'item', item: String(item.number) })}
        className="flex min-w-0 flex-1 flex-col text-left"
      >
        <span className={`w-full truncate ${item.doneAt === null ? '' : 'line-through opacity-70'}`}>{item.title}</span>
        <Facts item={item} isShown={isShown} />
      </button>
    </div>
  );
}

function Facts({ item, isShown }: { readonly item: Item; readonly isShown: boolean }) {
  const { today } = usePlan();
  const { number, estimate, due, tags, dependsOn, needsPerson, tasks, scheduleId, doneAt } = item;
  const task = tasks.at(-1);
  const isOverdue = due !== null && due < today && doneAt === null;
  return (
    <span
      className={`flex w-full items-center gap-2 overflow-hidden whitespace-nowrap text-small ${isShown ? '' : 'text-muted'}`}
    >
      <span className="tabular-nums">{number}</span>
      {task === undefined ? null : <TaskStatus task={{ ...task, approval: null }} />}
      {scheduleId === null ? null : <Fact icon="night" text={t('starts when the machine is idle')} />}
      {estimate === null ? null : <span className="tabular-nums">{minutesText(estimate)}</span>}
      {due === null ? null : <Due text={dueWord(due, today)} isOverdue={isOverdue} />}
      {dependsOn.length === 0 ? null : <Fact icon="blocked" text={t('waits for {0}', dependsOn.length)} />}
      {needsPerson ? null : <Fact icon="spark" text={t('a task can do it alone')} />}
      {tags.length === 0 ? null : <span className="truncate">{tags.map((tag) => `#${tag}`).join(' ')}</span>}
    </span>
  );
}

const Fact = ({ icon, text }: { readonly icon: 'night' | 'blocked' | 'spark'; readonly text: string }) => (
  <span title={text} className="inline-flex">
    <Icon name={icon} className="size-3.5" />
    <span className="sr-only">{text}</span>
  </span>
);

const Due = ({ text, isOverdue }: { readonly text: string; readonly isOverdue: boolean }) => (
  <span className={isOverdue ? 'inline-flex items-center gap-1 font-semibold text-ink' : ''}>
    {isOverdue ? <Icon name="warning" className="size-3.5 text-danger" /> : null}
    {text}
  </span>
);
