import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { rowAfterKey } from './rowKeys.ts';

/** For the one element of a row that takes the focus: a button or a link. */
export interface RowFocus {
  readonly 'data-row': number;
  readonly tabIndex: 0 | -1;
}

export interface VirtualListProps {
  /** Said by screen readers. */
  readonly label: string;
  readonly count: number;
  /** Pixels; all rows are of one height. */
  readonly rowHeight: number;
  readonly keyOf: (index: number) => string;
  readonly row: (index: number, focus: RowFocus) => ReactNode;
  /** Called when rows near the end come into sight: time for the next page. */
  readonly onNearEnd?: (() => void) | undefined;
}

/** Rows before the end at which the next page is asked for. */
const NEAR = 100;

/** A list of any length, of which only what is in sight is in the page. It is one stop of the Tab key; arrows go through it. */
export function VirtualList({ label, count, rowHeight, keyOf, row, onNearEnd }: VirtualListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  const nearEnd = count > 0 && last >= count - NEAR;
  // Also after each page that came: a short one may not fill the sight.
  useEffect(() => {
    if (nearEnd && last < count) onNearEnd?.();
  }, [nearEnd, last, count, onNearEnd]);

  const current = Math.min(active, count - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const next = rowAfterKey(event.key, { current, count, page });
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!(event.target instanceof HTMLElement) || event.target.dataset['row'] === undefined) return;
    event.preventDefault();
    setActive(next);
    virtualizer.scrollToIndex(next);
    // The row may come into the page only with the scrolling.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus());
  };

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden [contain:strict]">
      {/* biome-ignore lint/a11y/useSemanticElements: rows stand at places of their own, as a list's would not */}
      <div
        role="list"
        aria-label={label}
        className="relative w-full"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {items.map(({ key, index, start }) => (
          // biome-ignore lint/a11y/useSemanticElements: as above
          <div
            key={key}
            role="listitem"
            aria-setsize={count}
            aria-posinset={index + 1}
            className="absolute inset-x-0 top-0"
            style={{ height: rowHeight, transform: `translateY(${start}px)` }}
            onFocus={() => setActive(index)}
          >
            {row(index, { 'data-row': index, tabIndex: index === current ? 0 : -1 })}
          </div>
        ))}
      </div>
    </div>
  );
}
