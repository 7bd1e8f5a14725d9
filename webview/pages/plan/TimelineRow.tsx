import { memo, type PointerEvent, useRef, useState } from 'react';
import { daysBetween } from '../../../protocol/days.ts';
import type { Item } from '../../../protocol/items.ts';
import { t } from '../../words.ts';
import { usePlan } from './planContext.ts';
import { dueWord } from './planWords.ts';
import { TITLES } from './TimelineHead.tsx';
import { barOf, dayAtPart, movedDates, type TimeScale } from './timeScale.ts';

export const ROW = 28;

interface TimelineRowProps {
  readonly item: Item;
  readonly index: number;
  readonly count: number;
  /** Whether the Tab key stops here: one row of the list. */
  readonly isStop: boolean;
  readonly scale: TimeScale;
  readonly isFirstUndated: boolean;
  readonly onDates: (item: Item, dates: { start?: string; due?: string }) => void;
}

/** What the pointer does: it shifts the bar, draws one of its ends, or draws a new bar. In parts of the span. */
interface Drag {
  readonly does: 'all' | 'start' | 'end' | 'draw';
  readonly from: number;
  readonly to: number;
}

/** While the list scrolls, rows that stay are not drawn anew. */
export const TimelineRow = memo(function TimelineRow({
  item,
  scale,
  isFirstUndated,
  onDates,
  ...place
}: TimelineRowProps) {
  const { today, panel, show } = usePlan();
  const track = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag>();
  const partAt = ({ clientX }: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    return box === undefined ? 0 : Math.max(0, Math.min(0.9999, (clientX - box.left) / box.width));
  };
  const grab = (does: Drag['does']) => (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    track.current?.setPointerCapture(event.pointerId);
    setDrag({ does, from: partAt(event), to: partAt(event) });
  };
  const shown = drag === undefined ? item : { ...item, ...datesOf(item, drag, scale) };
  const bar = barOf(shown, scale);
  const letGo = () => {
    setDrag(undefined);
    if (drag === undefined) return;
    const dates = datesOf(item, drag, scale);
    if ((dates.start ?? item.start) !== item.start || (dates.due ?? item.due) !== item.due) onDates(item, dates);
  };
  const isOverdue = item.doneAt === null && item.due !== null && item.due < today;
  const isShown = panel?.name === 'item' && panel.item === String(item.number);
  const at = daysBetween(scale.from, today);
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows stand at places of their own, as a list's would not
    <div
      role="listitem"
      aria-setsize={place.count}
      aria-posinset={place.index + 1}
      className={`absolute inset-x-0 top-0 flex ${isFirstUndated ? 'border-ink border-t border-dashed' : ''} ${isShown ? 'bg-chosen text-chosen-ink' : 'hover:bg-hover'}`}
      style={{ height: ROW, transform: `translateY(${place.index * ROW}px)` }}
    >
      <button
        type="button"
        data-item={item.id}
        tabIndex={place.isStop ? 0 : -1}
        onClick={() => show({ name: 'item', item: String(item.number) })}
        className={`${TITLES} truncate px-3 text-left`}
        title={item.title}
      >
        <span className={item.doneAt === null ? '' : 'line-through opacity-70'}>{item.title}</span>
        <span className="sr-only">
          {item.due === null
            ? item.start === null
              ? t('no date')
              : t('from {0}', item.start)
            : dueWord(item.due, today)}
        </span>
      </button>
      <div
        ref={track}
        aria-hidden="true"
        className="relative min-w-0 flex-1 cursor-crosshair touch-pan-y border-edge border-l"
        onPointerDown={grab('draw')}
        onPointerMove={(event) => drag && setDrag({ ...drag, to: partAt(event) })}
        onPointerUp={letGo}
        onPointerCancel={() => setDrag(undefined)}
      >
        {at < 0 || at >= scale.days ? null : (
          <span
            className="absolute inset-y-0 w-px bg-focus opacity-60"
            style={{ left: `${((at + 0.5) / scale.days) * 100}%` }}
          />
        )}
        {bar === undefined && isOverdue ? <span className="absolute inset-y-1 left-0 w-1.5 bg-danger" /> : null}
        {bar === undefined ? null : (
          <div
            className={`absolute inset-y-1 flex cursor-grab items-center overflow-hidden rounded-[3px] border ${look(item, isOverdue)}`}
            style={{ left: `${bar.left * 100}%`, width: `${(bar.right - bar.left) * 100}%` }}
            onPointerDown={grab('all')}
          >
            {bar.cutLeft ? null : <Edge side="left" onPointerDown={grab('start')} />}
            {bar.cutRight ? null : <Edge side="right" onPointerDown={grab('end')} />}
          </div>
        )}
      </div>
    </div>
  );
});

const look = ({ doneAt }: Item, isOverdue: boolean): string =>
  doneAt !== null ? 'border-good bg-good opacity-40' : isOverdue ? 'border-danger bg-danger' : 'border-busy bg-busy';

const Edge = ({ side, onPointerDown }: { side: 'left' | 'right'; onPointerDown: (event: PointerEvent) => void }) => (
  <span
    className={`absolute inset-y-0 w-1.5 cursor-ew-resize ${side === 'left' ? 'left-0' : 'right-0'}`}
    onPointerDown={onPointerDown}
  />
);

function datesOf(item: Item, { does, from, to }: Drag, scale: TimeScale): { start?: string; due?: string } {
  const [one, other] = [dayAtPart(scale, from), dayAtPart(scale, to)];
  if (does !== 'draw') return movedDates(item, daysBetween(one, other), does);
  // A point is a due date; a stretch has a beginning, too.
  if (one === other) return item.start !== null && item.start > one ? { start: one, due: one } : { due: one };
  return one < other ? { start: one, due: other } : { start: other, due: one };
}
