import { useEffect, useRef, useState } from 'react';
import type { Item } from '../../../protocol/items.ts';
import { TITLES } from './TimelineHead.tsx';
import { ROW } from './TimelineRow.tsx';
import { barOf, type TimeScale } from './timeScale.ts';

interface DependencyArrowsProps {
  readonly rows: readonly Item[];
  readonly window: { readonly start: number; readonly end: number };
  readonly scale: TimeScale;
}

/** From the end of a bar to the beginning of each that waits for it. Of long lists those that touch what is in sight. */
export function DependencyArrows({ rows, window, scale }: DependencyArrowsProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const sized = new ResizeObserver(() => setWidth(element.clientWidth));
    sized.observe(element);
    return () => sized.disconnect();
  }, []);
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-0 flex">
      <div className={TITLES} />
      <div ref={place} className="relative min-w-0 flex-1">
        <svg aria-hidden="true" className="absolute inset-0 size-full overflow-hidden text-mark">
          <defs>
            <marker id="after" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" orient="auto">
              <path d="M0 0l6 3l-6 3z" fill="currentColor" />
            </marker>
          </defs>
          {width === 0
            ? null
            : arrows(rows, window, scale, width).map((d) => (
                <path key={d} d={d} fill="none" stroke="currentColor" strokeWidth="1.25" markerEnd="url(#after)" />
              ))}
        </svg>
      </div>
    </div>
  );
}

function arrows(
  rows: readonly Item[],
  { start, end }: { start: number; end: number },
  scale: TimeScale,
  width: number,
): string[] {
  const index = new Map(rows.map(({ id }, row) => [id, row]));
  const bar = (row: number) => {
    const item = rows[row];
    return item && barOf(item, scale);
  };
  const isInSight = (row: number) => row >= start && row < end;
  return rows.flatMap(({ dependsOn }, row) => {
    const to = bar(row);
    if (to === undefined) return [];
    return dependsOn.flatMap((id) => {
      const other = index.get(id);
      const from = other === undefined ? undefined : bar(other);
      if (other === undefined || from === undefined || !(isInSight(row) || isInSight(other))) return [];
      const [x1, y1, x2, y2] = [from.right * width, (other + 0.5) * ROW, to.left * width, (row + 0.5) * ROW];
      const out = Math.min(x1 + 6, width - 2);
      // Where the one that waits begins too early, the arrow goes back between the rows.
      const middle = y2 > y1 ? y2 - ROW / 2 : y2 + ROW / 2;
      if (x2 > out + 6) return [`M${x1} ${y1}H${out}V${y2}H${x2}`];
      return [`M${x1} ${y1}H${out}V${middle}H${Math.max(2, x2 - 8)}V${y2}H${x2}`];
    });
  });
}
