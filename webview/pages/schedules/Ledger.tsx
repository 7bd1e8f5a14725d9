import { useMemo } from 'react';
import type { Run, Schedule } from '../../../protocol/schedules.ts';
import { outcomeWords } from '../../../protocol/scheduleWords.ts';
import { LiveView } from '../../components/LiveView.tsx';
import { type RowFocus, VirtualList } from '../../components/VirtualList.tsx';
import { useHub } from '../../stores/hub.ts';
import { useLive } from '../../stores/live.ts';
import { Icon, type IconName } from '../../ui/Icon.tsx';
import { t } from '../../words.ts';
import { ledgerSource } from './scheduleSource.ts';
import { timeText } from './scheduleText.ts';

const ROW = 26;
/** Rows in sight at most. */
const MOST = 10;

/** Every due time of a schedule, newest first, and what became of it. */
export function Ledger({ schedule }: { readonly schedule: Schedule }) {
  const { id, lastAt, nextAt, enabled } = schedule;
  const source = useMemo(() => ledgerSource(id), [id]);
  const live = useLive(source, `${lastAt} ${nextAt} ${enabled}`);
  return (
    <section aria-label={t('Ledger')} className="flex flex-col gap-1">
      <h2 className="font-semibold">{t('What became of each due time')}</h2>
      <LiveView live={live} loading={t('The ledger is being loaded')}>
        {(runs) =>
          runs.length === 0 ? (
            <p className="text-muted">{t('It was never due yet.')}</p>
          ) : (
            <div className="flex max-w-3xl flex-col" style={{ height: ROW * Math.min(runs.length, MOST) }}>
              <VirtualList
                label={t('Due times')}
                count={runs.length}
                rowHeight={ROW}
                keyOf={(index) => String(runs[index]?.dueAt)}
                row={(index, focus) => <LedgerRow run={runs[index]} focus={focus} />}
              />
            </div>
          )
        }
      </LiveView>
    </section>
  );
}

const icons: Readonly<Record<Run['outcome'], readonly [icon: IconName, color: string]>> = {
  submitted: ['done', 'text-good'],
  skipped: ['blocked', 'text-muted'],
  merged: ['right', 'text-muted'],
  waiting: ['schedules', 'text-warning'],
  refused: ['error', 'text-danger'],
};

function LedgerRow({ run, focus }: { readonly run: Run | undefined; readonly focus: RowFocus }) {
  const { place } = useHub();
  if (run === undefined) return null;
  const { dueAt, outcome, reason, taskId } = run;
  const [icon, color] = icons[outcome];
  const words = reason === null ? outcomeWords[outcome]() : `${outcomeWords[outcome]()} · ${reason}`;
  const content = (
    <>
      <Icon name={icon} className={color} />
      <span className="w-52 shrink-0 truncate tabular-nums">{timeText(dueAt)}</span>
      <span className="min-w-0 flex-1 truncate text-muted">{words}</span>
    </>
  );
  const shape = 'flex h-full w-full items-center gap-2 px-1 text-left';
  return taskId === null ? (
    <div {...focus} className={shape}>
      {content}
    </div>
  ) : (
    <button type="button" {...focus} onClick={() => place.go(`tasks/${taskId}`)} className={`${shape} hover:bg-hover`}>
      {content}
      <span className="text-link">{t('open the task')}</span>
    </button>
  );
}
