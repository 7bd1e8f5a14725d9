import { useEffect, useMemo, useRef, useState } from 'react';
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
  const all = useMemo(() => (width === 0 ? [] : arrows(rows, scale, width)), [rows, scale, width]);
  const isInSight = (row: number) => row >= window.start && row < window.end;
  const inSight = all.filter(({ from, to }) => isInSight(from) || isInSight(to));
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
          {inSight.map(({ d }) => (
            <path key={d} d={d} fill="none" stroke="currentColor" strokeWidth="1.25" markerEnd="url(#after)" />
          ))}
        </svg>
      </div>
    </div>
  );
}

/** A path, and the rows that it joins. */
interface Arrow {
  readonly d: string;
  readonly from: number;
  readonly to: number;
}

function arrows(rows: readonly Item[], scale: TimeScale, width: number): Arrow[] {
  const index = new Map(rows.map(({ id }, row) => [id, row]));
  const bars = rows.map((item) => barOf(item, scale));
  return rows.flatMap(({ dependsOn }, to) => {
    const bar = bars[to];
    if (bar === undefined) return [];
    return dependsOn.flatMap((id): Arrow[] => {
      const from = index.get(id);
      const before = from === undefined ? undefined : bars[from];
      if (from === undefined || before === undefined) return [];
      const [x1, y1, x2, y2] = [before.right * width, (from + 0.5) * ROW, bar.left * width, (to + 0.5) * ROW];
      const out = Math.min(x1 + 6, width - 2);
      // Where the one that waits begins too early, the arrow goes back between the rows.
      const middle = y2 > y1 ? y2 - ROW / 2 : y2 + ROW / 2;
      const way = x2 > out + 6 ? `V${y2}` : `V${middle}H${Math.max(2, x2 - 8)}V${y2}`;
      return [{ d: `M${x1} ${y1}H${out}${way}H${x2}`, from, to }];
    });
  });
}
