import {
  DndContext,
  type DragEndEvent,
  DragOverlay,
  PointerSensor,
  pointerWithin,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { Item } from '../../../protocol/items.ts';
import { useHub, useItems } from '../../stores/hub.ts';
import { t } from '../../words.ts';
import { boardAct, horizons } from './boardKeys.ts';
import { Column } from './Column.tsx';
import { DependencyLines } from './DependencyLines.tsx';
import { dropTarget } from './dropTarget.ts';
import { usePlan } from './planContext.ts';
import { horizonTitle } from './planWords.ts';
import { WeekStrip } from './WeekStrip.tsx';

/** The horizons side by side. Items are moved with the pointer, or with Alt and the arrows. */
export function Board() {
  const { items } = useHub();
  const { announce } = usePlan();
  const order = useItems((state) => state.order);
  const board = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<Item>();
  /** The item that has the focus or is to get it; `asked` grows with each wish. */
  const [focus, setFocus] = useState<{ id: string; asked: number }>({ id: '', asked: 0 });
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }));
  const focusOn = (id: string) => setFocus(({ asked }) => ({ id, asked: asked + 1 }));

  const move = async (id: string, horizon: Item['horizon'], before: string | undefined) => {
    focusOn(id);
    if (!(await items.move(id, horizon, before))) return;
    const { items: known, order: now } = items.getState();
    const at = now[horizon].indexOf(id) + 1;
    announce(t('“{0}”: {1}, {2} of {3}', known.get(id)?.title ?? '', horizonTitle[horizon](), at, now[horizon].length));
  };
  const onDragEnd = ({ active, over, activatorEvent, delta }: DragEndEvent) => {
    setDragged(undefined);
    const y = (activatorEvent instanceof PointerEvent ? activatorEvent.clientY : 0) + delta.y;
    const target = dropTarget(over && { id: String(over.id), rect: over.rect }, y, order);
    if (target !== undefined && target.before !== active.id)
      void move(String(active.id), target.horizon, target.before);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const id = event.target instanceof HTMLElement ? event.target.dataset['item'] : undefined;
    const act = id === undefined ? undefined : boardAct(event, id, order);
    if (id === undefined || act === undefined) return;
    event.preventDefault();
    if (act.does === 'focus') return focusOn(act.id);
    if (act.does === 'move') return void move(id, act.horizon, act.before);
    const item = items.getState().items.get(id);
    if (act.does === 'done') return void items.change(id, { done: item?.doneAt === null });
    const ids = order[item?.horizon ?? 'now'];
    focusOn(ids[ids.indexOf(id) + 1] ?? ids[ids.indexOf(id) - 1] ?? '');
    void items
      .remove(id)
      .then((done) => done && announce(t('“{0}” was removed. Undo brings it back.', item?.title ?? '')));
  };

  return (
    <>
      <DndContext
        sensors={sensors}
        collisionDetection={pointerWithin}
        accessibility={{ announcements: silent, screenReaderInstructions: { draggable: '' } }}
        onDragStart={({ active }) => setDragged(items.getState().items.get(String(active.id)))}
        onDragEnd={onDragEnd}
        onDragCancel={() => setDragged(undefined)}
      >
        {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears keys of what is in it */}
        <div
          ref={board}
          className="relative flex min-h-0 flex-1 snap-x overflow-x-auto"
          onKeyDown={onKeyDown}
          onFocus={({ target }) => {
            const id = target.dataset['item'];
            if (id !== undefined && id !== focus.id) setFocus(({ asked }) => ({ id, asked }));
          }}
        >
          {horizons.map((horizon) => (
            <Column key={horizon} horizon={horizon} focus={focus} isDragging={dragged !== undefined} />
          ))}
          <DependencyLines board={board} id={focus.id} />
        </div>
        <DragOverlay dropAnimation={null}>
          {dragged === undefined ? null : (
            <div className="truncate rounded border border-focus bg-raised px-3 py-1.5">{dragged.title}</div>
          )}
        </DragOverlay>
      </DndContext>
      <WeekStrip />
    </>
  );
}

/** The page says itself what became of a move. */
const silent = {
  onDragStart: () => undefined,
  onDragOver: () => undefined,
  onDragEnd: () => undefined,
  onDragCancel: () => undefined,
};
