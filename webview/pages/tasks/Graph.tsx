import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { oneLine } from '../../../protocol/quantities.ts';
import type { OnFailure, Task } from '../../../protocol/tasks.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { LiveView } from '../../components/LiveView.tsx';
import { taskStatusWord } from '../../components/TaskStatus.tsx';
import { useHub } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { t } from '../../words.ts';
import { type Direction, type GraphEdge, type GraphNode, graphLayout, neighbourOf } from './graphLayout.ts';
import { statusColor } from './statusColor.ts';

interface Around {
  readonly tasks: readonly Task[];
  readonly more: boolean;
}

/** What the task waits for and what waits for it, as a drawing that arrow keys lead through. */
export function Graph({ task }: { readonly task: Task }) {
  const taskId = task.id;
  const source = useMemo((): LiveSource<Around> => {
    const load = (client: Parameters<LiveSource<Around>['load']>[0]) => client.request('task/graph', { taskId });
    return {
      load,
      follow: (client, change) =>
        client.on('task/didChange', ({ task: changed }) =>
          change((around) => ({
            ...around,
            tasks: around.tasks.map((one) => (one.id === changed.id ? changed : one)),
          })),
        ),
    };
  }, [taskId]);
  const live = useLive(source);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <LiveView live={live} loading={t('The graph is being loaded')}>
        {({ tasks, more }) =>
          tasks.length < 2 ? (
            <EmptyState icon="link" title={t('It stands alone')}>
              {t('No task waits for this one, and it waits for none. A plan becomes tasks that wait for each other.')}
            </EmptyState>
          ) : (
            <Drawing {...{ tasks, more, taskId }} />
          )
        }
      </LiveView>
    </div>
  );
}

const WIDTH = 200;
const HEIGHT = 48;
const GAP_X = 56;
const GAP_Y = 16;
const EDGE = 8;
const xOf = ({ column }: GraphNode) => EDGE + column * (WIDTH + GAP_X);
const yOf = ({ row }: GraphNode) => EDGE + row * (HEIGHT + GAP_Y);

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

function Drawing({ tasks, more, taskId }: Around & { readonly taskId: string }) {
  const { place } = useHub();
  const layout = useMemo(() => graphLayout(tasks), [tasks]);
  const [active, setActive] = useState(taskId);
  const box = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent, node: GraphNode) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      place.go(`tasks/${node.task.number}/graph`);
      return;
    }
    const direction = arrows[event.key];
    const next = direction && neighbourOf(layout, node, direction);
    if (direction === undefined) return;
    event.preventDefault();
    if (next === undefined) return;
    setActive(next.task.id);
    box.current?.querySelector<SVGElement>(`[data-task="${next.task.id}"]`)?.focus();
  };
  return (
    <div ref={box} className="min-h-0 flex-1 overflow-auto p-4">
      {more ? (
        <p className="pb-2 text-muted">{t('There are more tasks than fit here: these are the nearest.')}</p>
      ) : null}
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset */}
      <svg
        role="group"
        aria-label={t('What waits for what')}
        width={EDGE * 2 + layout.columns * (WIDTH + GAP_X) - GAP_X}
        height={EDGE * 2 + layout.rows * (HEIGHT + GAP_Y) - GAP_Y}
      >
        <title>{t('What waits for what')}</title>
        {layout.edges.map((edge) => (
          <Edge key={`${edge.from.task.id} ${edge.to.task.id}`} edge={edge} />
        ))}
        {layout.nodes.map((node) => (
          // biome-ignore lint/a11y/useSemanticElements: a drawing has no buttons of its own
          <g
            key={node.task.id}
            role="button"
            data-task={node.task.id}
            tabIndex={node.task.id === active ? 0 : -1}
            aria-current={node.task.id === taskId ? 'true' : undefined}
            aria-description={awaitedWords(node, layout.edges)}
            transform={`translate(${xOf(node)} ${yOf(node)})`}
            className="group cursor-pointer outline-none"
            onClick={() => place.go(`tasks/${node.task.number}/graph`)}
            onFocus={() => setActive(node.task.id)}
            onKeyDown={(event) => onKeyDown(event, node)}
          >
            <rect
              width={WIDTH}
              height={HEIGHT}
              rx={4}
              className="fill-raised stroke-edge group-aria-[current]:stroke-ink group-focus-visible:stroke-2 group-focus-visible:stroke-focus"
            />
            <rect width={4} height={HEIGHT} rx={2} className={statusColor(node.task)} />
            <text x={14} y={20} className="fill-ink text-base">
              {nameOf(node.task)}
            </text>
            <text x={14} y={37} className="fill-muted text-small">
              {taskStatusWord(node.task)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** With as many characters as have room in a box, in most fonts. */
const nameOf = ({ number, instruction }: Task): string => oneLine(`${number} ${oneLine(instruction, 60)}`, 26);

const dashes: Readonly<Record<OnFailure, string | undefined>> = { cancel: undefined, hold: '6 3', run: '2 3' };

function Edge({ edge: { from, to, onFailure } }: { readonly edge: GraphEdge }) {
  const [x1, y1] = [xOf(from) + WIDTH, yOf(from) + HEIGHT / 2];
  const [x2, y2] = [xOf(to), yOf(to) + HEIGHT / 2];
  const bend = Math.max(24, (x2 - x1) / 2);
  return (
    <g className="fill-none stroke-muted">
      <path d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`} strokeDasharray={dashes[onFailure]} />
      <path d={`M${x2 - 6} ${y2 - 4}L${x2} ${y2}L${x2 - 6} ${y2 + 4}`} />
    </g>
  );
}

function awaitedWords({ task }: GraphNode, edges: readonly GraphEdge[]): string | undefined {
  const awaited = edges.filter(({ to }) => to.task.id === task.id).map(({ from }) => from.task.number);
  return awaited.length === 0 ? undefined : t('It starts after {0}', awaited.join(', '));
}
