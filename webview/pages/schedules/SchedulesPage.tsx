import { useState } from 'react';
import type { Schedule } from '../../../protocol/schedules.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { LiveView } from '../../components/LiveView.tsx';
import { PageBody } from '../../components/PageBody.tsx';
import { PageHeader } from '../../components/PageHeader.tsx';
import { useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { t } from '../../words.ts';
import { ScheduleForm } from './ScheduleForm.tsx';
import { ScheduleList } from './ScheduleList.tsx';
import { schedulesSource } from './scheduleSource.ts';

/** What is written: a new one, or one that takes the place of another. */
type Form = 'new' | Schedule;

/** Tasks that are given at times, and what became of each due time. */
export default function SchedulesPage() {
  const live = useLive(schedulesSource);
  const [form, setForm] = useState<Form>();
  const close = () => setForm(undefined);
  return (
    <>
      <PageHeader
        title={t('Schedules')}
        detail={live.value === undefined || live.value.length === 0 ? null : countText(live.value)}
        actions={
          <Button look="primary" disabled={form !== undefined} onPress={() => setForm('new')}>
            {t('New schedule')}
          </Button>
        }
      />
      <PageBody>
        {form === undefined ? null : (
          <ScheduleForm
            key={form === 'new' ? 'new' : form.id}
            replaces={form === 'new' ? undefined : form}
            onDone={close}
          />
        )}
        <LiveView live={live} loading={t('Schedules are being loaded')}>
          {(schedules) =>
            schedules.length > 0 ? (
              <ScheduleList schedules={schedules} onEdit={setForm} />
            ) : form === undefined ? (
              <Nothing />
            ) : null
          }
        </LiveView>
      </PageBody>
    </>
  );
}

function countText(schedules: readonly Schedule[]): string {
  const on = schedules.filter(({ enabled }) => enabled).length;
  return t('{0} of {1} on', on, schedules.length);
}

const Nothing = () => (
  <EmptyState icon="schedules" title={t('No schedules yet')}>
    {t(
      'A schedule gives a task at a time or again and again: tests at night, a review each Monday. It can wait until the machine is idle or plugged in, and its ledger says of every due time what became of it.',
    )}
  </EmptyState>
);
