import { EmptyState } from '../../components/EmptyState.tsx';
import { useItems } from '../../stores/hub.ts';
import { t } from '../../words.ts';
import { AddField } from './AddField.tsx';
import { Board } from './Board.tsx';
import type { View } from './planPlace.ts';
import { Timeline } from './Timeline.tsx';
import { TodayView } from './TodayView.tsx';

/** One of the views; before there is anything, what the page is for. */
export function PlanView({ view }: { readonly view: View }) {
  const isEmpty = useItems(({ order }) => Object.values(order).every((ids) => ids.length === 0));
  const state = useItems((each) => each.state);
  if (isEmpty && state === 'ready') return <NothingPlanned />;
  if (isEmpty) return null;
  if (view === 'horizons') return <Board />;
  return view === 'today' ? <TodayView /> : <Timeline key={view} span={view} />;
}

const NothingPlanned = () => (
  <div className="overflow-y-auto">
    <EmptyState icon="plan" title={t('Plan over days and weeks')} actions={<Begin />}>
      {t(
        'An item is something that you want done. It stands in one of four horizons: now, next, later or someday. Say how long it takes (~2h), when it is due (@tomorrow) and what it is about (#docs); items that need nobody can be given to agents, by hand or for the night. Every change can be undone.',
      )}
    </EmptyState>
  </div>
);

const Begin = () => (
  <div className="w-72">
    <AddField horizon="now" />
  </div>
);
