import { type RefObject, useEffect, useState } from 'react';
import { useHub, useItems } from '../../stores/hub.ts';

interface DependencyLinesProps {
  readonly board: RefObject<HTMLDivElement | null>;
  /** The item whose lines are drawn: to those that it waits for, and from those that wait for it. */
  readonly id: string;
}

/** Lines over the board, between rows that are in sight. They follow every scrolling. */
export function DependencyLines({ board, id }: DependencyLinesProps) {
  const { items } = useHub();
  const version = useItems((state) => state.version);
  const [paths, setPaths] = useState<readonly string[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another version rows stand elsewhere
  useEffect(() => {
    const element = board.current;
    if (element === null) return;
    let frame = 0;
    const draw = () => {
      const known = items.getState().items;
      const before = known.get(id)?.dependsOn ?? [];
      const behind = [...known.values()].filter(({ dependsOn }) => dependsOn.includes(id)).map((item) => item.id);
      const edges = [...before.map((on) => [on, id] as const), ...behind.map((from) => [id, from] as const)];
      setPaths(edges.flatMap(([from, to]) => pathBetween(element, from, to) ?? []));
    };
    const soon = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(draw);
    };
    soon();
    element.addEventListener('scroll', soon, { capture: true, passive: true });
    const sized = new ResizeObserver(soon);
    sized.observe(element);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('scroll', soon, { capture: true });
      sized.disconnect();
    };
  }, [board, items, id, version]);
  if (paths.length === 0) return null;
  return (
    <svg aria-hidden="true" className="pointer-events-none absolute inset-0 size-full overflow-visible text-mark">
      <defs>
        <marker id="waits" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" orient="auto">
          <path d="M0 0l6 3l-6 3z" fill="currentColor" />
        </marker>
      </defs>
      {paths.map((d) => (
        <path key={d} d={d} fill="none" stroke="currentColor" strokeWidth="1.5" markerEnd="url(#waits)" />
      ))}
    </svg>
  );
}

/** From the one that comes first to the one that waits; undefined while one of them is out of sight. */
function pathBetween(board: HTMLElement, from: string, to: string): string | undefined {
  const row = (id: string) => board.querySelector(`[data-item="${CSS.escape(id)}"]`)?.closest('[role=listitem]');
  const [one, other] = [row(from), row(to)];
  if (!one || !other) return undefined;
  const origin = board.getBoundingClientRect();
  const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
  const shift = board.scrollLeft - origin.left;
  const y = ({ top, height }: DOMRect) => top + height / 2 - origin.top;
  if (a.left === b.left) {
    const x = a.left + shift + 6;
    return `M${x} ${y(a)}C${x - 14} ${y(a)} ${x - 14} ${y(b)} ${x} ${y(b)}`;
  }
  const isRight = b.left > a.left;
  const [x1, x2] = [(isRight ? a.right - 8 : a.left + 8) + shift, (isRight ? b.left + 6 : b.right - 6) + shift];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y(a)}C${x1 + bend} ${y(a)} ${x2 - bend} ${y(b)} ${x2} ${y(b)}`;
}
