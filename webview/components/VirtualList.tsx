import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef, useState } from 'react';
import { rowAfterKey } from './rowKeys.ts';
import { useRowWindow } from './useRowWindow.ts';

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
  const { start, end, show } = useRowWindow(scroller, { count, rowHeight });
  const nearEnd = count > 0 && end >= count - NEAR;
  // Also after each page that came: a short one may not fill the sight.
  useEffect(() => {
    if (nearEnd && end <= count) onNearEnd?.();
  }, [nearEnd, end, count, onNearEnd]);

  const current = Math.min(active, count - 1);
  /** The row that a key led to: it may come into the page only with the scrolling. */
  const wanted = useRef<number>(undefined);
  useEffect(() => {
    if (wanted.current === undefined) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
    if (row === null || row === undefined) return;
    wanted.current = undefined;
    row.focus();
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const next = rowAfterKey(event.key, { current, count, page });
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!(event.target instanceof HTMLElement) || event.target.dataset['row'] === undefined) return;
    event.preventDefault();
    setActive(next);
    wanted.current = next;
    show(next);
  };

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden [contain:strict]">
      {/* biome-ignore lint/a11y/useSemanticElements: rows stand at places of their own, as a list's would not */}
      <div
        role="list"
        aria-label={label}
        className="relative w-full"
        style={{ height: count * rowHeight }}
        onKeyDown={onKeyDown}
      >
        {Array.from({ length: Math.max(0, end - start) }, (_, at) => start + at).map((index) => (
          <Row
            key={keyOf(index)}
            isActive={index === current}
            onActive={setActive}
            {...{ index, count, rowHeight, row }}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps extends Pick<VirtualListProps, 'count' | 'rowHeight' | 'row'> {
  readonly index: number;
  readonly isActive: boolean;
  readonly onActive: (index: number) => void;
}

/** Scrolling draws only what comes into sight: the others have nothing new. */
const Row = memo(function Row({ index, count, rowHeight, row, isActive, onActive }: RowProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div
      role="listitem"
      aria-setsize={count}
      aria-posinset={index + 1}
      className="absolute inset-x-0 top-0 [contain:layout_style]"
      style={{ height: rowHeight, transform: `translateY(${index * rowHeight}px)` }}
      onFocus={() => onActive(index)}
    >
      {row(index, { 'data-row': index, tabIndex: isActive ? 0 : -1 })}
    </div>
  );
});
