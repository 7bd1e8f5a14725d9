import { useDraggable, useDroppable } from '@dnd-kit/core';
import { memo, useEffect, useId, useRef } from 'react';
import type { Horizon, Item } from '../../../protocol/items.ts';
import { minutesText } from '../../../protocol/minutes.ts';
import { formatCount } from '../../../protocol/quantities.ts';
import { useRowWindow } from '../../components/useRowWindow.ts';
import { useHub, useItem, useItems } from '../../stores/hub.ts';
import { AddField } from './AddField.tsx';
import { ITEM_HEIGHT, ItemRow } from './ItemRow.tsx';
import { horizonHelp, horizonTitle } from './planWords.ts';

interface ColumnProps {
  readonly horizon: Horizon;
  readonly focus: { readonly id: string; readonly asked: number };
  readonly isDragging: boolean;
}

/** One horizon: only the items in sight are in the page, however many there are. */
export function Column({ horizon, focus, isDragging }: ColumnProps) {
  const ids = useItems(({ order }) => order[horizon]);
  const scroller = useRef<HTMLDivElement>(null);
  const { start, end, show } = useRowWindow(scroller, { count: ids.length, rowHeight: ITEM_HEIGHT });
  const { setNodeRef, isOver } = useDroppable({ id: horizon });
  const heading = useId();
  const at = ids.indexOf(focus.id);
  const asked = useRef(focus.asked);
  useEffect(() => {
    if (asked.current === focus.asked || at < 0) return;
    asked.current = focus.asked;
    show(at);
    // The row may come into the page only with the scrolling.
    const frame = requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(focus.id)}"]`)?.focus(),
    );
    return () => cancelAnimationFrame(frame);
  }, [focus.asked, focus.id, at, show]);
  // Where the Tab key stops: it must be in the page.
  const stop = at >= start && at < end ? at : start;
  return (
    <section
      aria-labelledby={heading}
      className="flex min-h-0 w-[82vw] shrink-0 snap-start flex-col border-edge border-r narrow:w-auto narrow:min-w-44 narrow:flex-1 narrow:shrink"
    >
      <header className="flex shrink-0 flex-col gap-1.5 px-3 pt-2 pb-1.5">
        <div className="flex items-baseline justify-between gap-2">
          <h2 id={heading} className="font-semibold">
            {horizonTitle[horizon]()}
          </h2>
          <Sum ids={ids} />
        </div>
        <AddField horizon={horizon} />
      </header>
      <div
        ref={(element) => {
          scroller.current = element;
          setNodeRef(element);
        }}
        className={`relative min-h-0 flex-1 overflow-y-auto overflow-x-hidden ${isDragging && isOver ? 'bg-hover' : ''}`}
      >
        {ids.length === 0 ? <p className="px-3 py-2 text-muted">{horizonHelp[horizon]()}</p> : null}
        {/* biome-ignore lint/a11y/useSemanticElements: rows stand at places of their own, as a list's would not */}
        <div role="list" aria-labelledby={heading} className="relative" style={{ height: ids.length * ITEM_HEIGHT }}>
          {ids.slice(start, end).map((id, index) => (
            <Row key={id} id={id} index={start + index} count={ids.length} isStop={start + index === stop} />
          ))}
        </div>
      </div>
    </section>
  );
}

/** How many there are, and what they take together. */
const Sum = memo(function Sum({ ids }: { readonly ids: readonly string[] }) {
  const { items } = useHub();
  // Of all items, so it follows every change.
  useItems(({ version }) => version);
  const known = items.getState().items;
  const open = ids.flatMap((id): Item[] => {
    const item = known.get(id);
    return item === undefined || item.doneAt !== null ? [] : [item];
  });
  const minutes = open.reduce((sum, { estimate }) => sum + (estimate ?? 0), 0);
  return (
    <span className="whitespace-nowrap font-normal text-muted text-small tabular-nums">
      {formatCount(open.length)}
      {minutes === 0 ? '' : ` · ${minutesText(minutes)}`}
    </span>
  );
});

interface RowProps {
  readonly id: string;
  readonly index: number;
  readonly count: number;
  readonly isStop: boolean;
}

/** While the list scrolls, rows that stay are not drawn anew. */
const Row = memo(function Row({ id, index, count, isStop }: RowProps) {
  const item = useItem(id);
  const drag = useDraggable({ id });
  const drop = useDroppable({ id });
  if (item === undefined) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div
      ref={(element) => {
        drag.setNodeRef(element);
        drop.setNodeRef(element);
      }}
      {...drag.listeners}
      role="listitem"
      aria-setsize={count}
      aria-posinset={index + 1}
      className={`absolute inset-x-0 top-0 touch-pan-y ${drag.isDragging ? 'opacity-40' : ''} ${drop.isOver && !drag.isDragging ? 'border-focus border-t-2' : ''}`}
      style={{ height: ITEM_HEIGHT, transform: `translateY(${index * ITEM_HEIGHT}px)` }}
    >
      <ItemRow item={item} isStop={isStop} />
    </div>
  );
});
