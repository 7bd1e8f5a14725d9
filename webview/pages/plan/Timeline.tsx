import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { addDays } from '../../../protocol/days.ts';
import type { Item } from '../../../protocol/items.ts';
import { useRowWindow } from '../../components/useRowWindow.ts';
import { useHub, useItems } from '../../stores/hub.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Link } from '../../ui/Link.tsx';
import { t } from '../../words.ts';
import { DependencyArrows } from './DependencyArrows.tsx';
import { usePlan } from './planContext.ts';
import { longDay, shortDay } from './planWords.ts';
import { TimelineHead } from './TimelineHead.tsx';
import { ROW, TimelineRow } from './TimelineRow.tsx';
import { movedDates, type Span, scaleAt, shifted, timelineRows } from './timeScale.ts';

/** The same items along the calendar: bars from start to due date, what waits for what, and below them what has no date. */
export function Timeline({ span }: { readonly span: Span }) {
  const { items } = useHub();
  const { today, announce } = usePlan();
  const [scale, setScale] = useState(() => scaleAt(span, today));
  const version = useItems((state) => state.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the map is always the same one; its version tells of changes
  const { dated, undated } = useMemo(
    () => timelineRows(inOrder(items.getState()), scale, today),
    [items, version, scale, today],
  );
  const rows = useMemo(() => [...dated, ...undated], [dated, undated]);
  const scroller = useRef<HTMLDivElement>(null);
  const { start, end, show } = useRowWindow(scroller, { count: rows.length, rowHeight: ROW });
  const [active, setActive] = useState('');
  const at = rows.findIndex(({ id }) => id === active);
  const stop = at >= start && at < end ? at : start;
  const focusOn = (index: number) => {
    const item = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (item === undefined) return;
    setActive(item.id);
    show(rows.indexOf(item));
    requestAnimationFrame(() => focusRow(scroller.current, item.id));
  };

  /** A moved row stands elsewhere then, and keeps the focus. */
  const moved = useRef('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the rows
  useEffect(() => {
    if (moved.current === '') return;
    const index = rows.findIndex(({ id }) => id === moved.current);
    if (index >= 0) show(index);
    const id = moved.current;
    moved.current = '';
    requestAnimationFrame(() => focusRow(scroller.current, id));
  }, [rows]);
  const change = useCallback(
    async (item: Item, dates: { start?: string; due?: string }) => {
      moved.current = item.id;
      setActive(item.id);
      if (!(await items.change(item.id, dates))) return;
      const due = dates.due ?? dates.start;
      announce(due === undefined ? item.title : t('“{0}” until {1}', item.title, longDay(due)));
    },
    [items, announce],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const id = event.target instanceof HTMLElement ? event.target.dataset['item'] : undefined;
    const item = rows.find((row) => row.id === id);
    if (item === undefined || event.ctrlKey || event.metaKey) return;
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (event.altKey && by !== 0) {
      event.preventDefault();
      const days = span === 'quarter' ? by * 7 : by;
      const none = item.start === null && item.due === null;
      return void change(item, none ? { due: today } : movedDates(item, days, event.shiftKey ? 'end' : 'all'));
    }
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 };
    const step =
      steps[event.key] ?? (event.key === 'Home' ? -rows.length : event.key === 'End' ? rows.length : undefined);
    if (step === undefined || event.altKey) return;
    event.preventDefault();
    focusOn(rows.indexOf(item) + step);
  };

  const last = addDays(scale.from, scale.days - 1);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 items-center gap-1 px-3 py-1">
        <IconButton icon="left" label={t('Earlier')} onPress={() => setScale(shifted(scale, -1))} />
        <IconButton icon="right" label={t('Later')} onPress={() => setScale(shifted(scale, 1))} />
        <span className="px-1">
          {shortDay(scale.from, today)} – {shortDay(last, today)}
        </span>
        <Link onPress={() => setScale(scaleAt(span, today))}>{t('Today')}</Link>
        <span className="hidden min-w-0 flex-1 truncate text-right text-muted text-small wide:block">
          {t('Alt with the arrows moves, with Shift the end alone. Draw over a row to plan it.')}
        </span>
      </div>
      <TimelineHead scale={scale} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears keys of what is in it */}
      <div
        ref={scroller}
        className="relative min-h-0 flex-1 overflow-y-auto overflow-x-hidden"
        onKeyDown={onKeyDown}
        onFocus={({ target }) => target.dataset['item'] !== undefined && setActive(target.dataset['item'])}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: rows stand at places of their own, as a list's would not */}
        <div
          role="list"
          aria-label={t('Items along the calendar')}
          className="relative"
          style={{ height: rows.length * ROW }}
        >
          {rows.slice(start, end).map((item, index) => (
            <TimelineRow
              key={item.id}
              item={item}
              index={start + index}
              count={rows.length}
              isStop={start + index === stop}
              scale={scale}
              isFirstUndated={start + index === dated.length}
              onDates={change}
            />
          ))}
          <DependencyArrows rows={rows} window={{ start, end }} scale={scale} />
        </div>
      </div>
    </div>
  );
}

const focusRow = (scroller: HTMLElement | null, id: string) =>
  scroller?.querySelector<HTMLElement>(`[data-item="${CSS.escape(id)}"]`)?.focus();

/** All items, in the order of horizons and places. */
const inOrder = ({ items, order }: ReturnType<ReturnType<typeof useHub>['items']['getState']>): Item[] =>
  [...order.now, ...order.next, ...order.later, ...order.someday].flatMap((id) => items.get(id) ?? []);
