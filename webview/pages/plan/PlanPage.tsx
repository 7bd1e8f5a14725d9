import { type KeyboardEvent, useCallback, useEffect, useMemo, useState } from 'react';
import { dayAt } from '../../../protocol/days.ts';
import { PageHeader } from '../../components/PageHeader.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useMinute } from '../../stores/clock.ts';
import { useHub, useItems } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { t } from '../../words.ts';
import { PlanActions } from './PlanActions.tsx';
import { PlanSide } from './PlanSide.tsx';
import { PlanView } from './PlanView.tsx';
import { PlanContext } from './planContext.ts';
import { type Panel, parsePlanPlace, planPlace, type View, views } from './planPlace.ts';
import { deedWord, itemCount } from './planWords.ts';

const titles: Readonly<Record<View, () => string>> = {
  horizons: () => t('Horizons'),
  today: () => t('Today'),
  week: () => t('Week'),
  month: () => t('Month'),
  quarter: () => t('Quarter'),
};

/** What is planned, by horizons or along the calendar; beside it one item, what fits tonight, weeks, or progress. */
export default function PlanPage({ rest }: { readonly rest: string }) {
  const { items, place } = useHub();
  useEffect(() => items.open(), [items]);
  const { view, panel } = parsePlanPlace(rest);
  const panelKey = panel === undefined ? '' : planPlace({ view, panel });
  const today = dayAt(useMinute());
  const [said, announce] = useState('');

  const show = useCallback((next: Panel | undefined) => place.go(planPlace({ view, panel: next })), [place, view]);
  const turn = useCallback(
    async (way: 'undo' | 'redo') => {
      const turned = await items[way]();
      if (turned === undefined) return;
      if (turned === null) announce(way === 'undo' ? t('There is nothing to undo.') : t('There is nothing to redo.'));
      else announce(way === 'undo' ? t('Taken back: {0}', deedWord(turned)) : t('Done again: {0}', deedWord(turned)));
    },
    [items],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a panel is a new object with every drawing; its key is not
  const plan = useMemo(
    () => ({ today, view, panel, announce, show, turn: (way: 'undo' | 'redo') => void turn(way) }),
    [today, view, panelKey, show, turn],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const way = turnOf(event);
    if (way === undefined || isField(event.target)) return;
    event.preventDefault();
    void turn(way);
  };

  return (
    <PlanContext value={plan}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears keys of what is in it */}
      <div className="flex min-h-0 flex-1 flex-col" onKeyDown={onKeyDown}>
        <PageHeader title={t('Plan')} detail={<Detail />} actions={<PlanActions />} />
        <LoadProblem />
        <div className="flex min-h-0 flex-1">
          <div className={`min-h-0 min-w-0 flex-1 flex-col ${panel === undefined ? 'flex' : 'hidden wide:flex'}`}>
            <Tabs
              label={t('View of the plan')}
              tabs={views.map((name) => ({ name, title: titles[name]() }))}
              current={view}
              onChange={(next) => place.go(planPlace({ view: next, panel }))}
            >
              <PlanView view={view} />
            </Tabs>
          </div>
          {panel === undefined ? null : <PlanSide panel={panel} />}
        </div>
        <div role="status" aria-live="polite" className="sr-only">
          {said}
        </div>
      </div>
    </PlanContext>
  );
}

function turnOf({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): 'undo' | 'redo' | undefined {
  if (!ctrlKey && !metaKey) return undefined;
  const name = key.toLowerCase();
  if (name === 'z') return shiftKey ? 'redo' : 'undo';
  return name === 'y' ? 'redo' : undefined;
}

/** What has an undo of its own. */
const isField = (target: EventTarget): boolean =>
  target instanceof HTMLElement && /^(input|textarea|select|vscode-text-field|vscode-text-area)$/i.test(target.tagName);

function Detail() {
  const counts = useItems(({ order }) => Object.values(order).reduce((sum, ids) => sum + ids.length, 0));
  const isLoading = useItems(({ state }) => state === 'loading');
  if (isLoading && counts === 0) return <Spinner label={t('The plan is being loaded')} />;
  return counts === 0 ? null : itemCount(counts);
}

/** Why the plan could not be loaded. */
function LoadProblem() {
  const { items } = useHub();
  const error = useItems((state) => state.error);
  if (error === undefined) return null;
  return <Problem error={error} actions={<Button onPress={items.resync}>{t('Try again')}</Button>} />;
}
