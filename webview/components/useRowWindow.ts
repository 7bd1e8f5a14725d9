import { type RefObject, useCallback, useEffect, useState } from 'react';

export interface RowWindow {
  /** The first row to draw, and the one behind the last. */
  readonly start: number;
  readonly end: number;
  /** Scrolls as little as it takes to have a row whole in sight. */
  readonly show: (row: number) => void;
}

export interface RowWindowOptions {
  readonly count: number;
  /** Pixels; all rows are of one height. */
  readonly rowHeight: number;
  /** Pixels above the first row. */
  readonly above?: number;
}

/** Rows beyond what is in sight, on each side. */
const OVERSCAN = 8;

/** Which rows of a scroller are in sight, for lists that are more than a list: `VirtualList` is the others. */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  { count, rowHeight, above = 0 }: RowWindowOptions,
): RowWindow {
  const [sight, setSight] = useState({ first: 0, rows: 40 });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = () => {
      const first = Math.max(0, Math.floor((element.scrollTop - above) / rowHeight));
      const rows = Math.ceil(element.clientHeight / rowHeight) + 1;
      setSight((known) => (known.first === first && known.rows === rows ? known : { first, rows }));
    };
    look();
    const sized = new ResizeObserver(look);
    sized.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      sized.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller, rowHeight, above]);
  const show = useCallback(
    (row: number) => {
      const element = scroller.current;
      if (element === null) return;
      const top = above + row * rowHeight;
      if (top < element.scrollTop + above) element.scrollTop = top - above;
      else if (top + rowHeight > element.scrollTop + element.clientHeight)
        element.scrollTop = top + rowHeight - element.clientHeight;
    },
    [scroller, rowHeight, above],
  );
  const start = Math.max(0, Math.min(sight.first, count) - OVERSCAN);
  return { start, end: Math.min(count, sight.first + sight.rows + OVERSCAN), show };
}
