import { useState } from 'react';
import type { Schedule } from '../../../protocol/schedules.ts';
import { missedWords } from '../../../protocol/scheduleWords.ts';
import { Confirm } from '../../components/Confirm.tsx';
import { type Fact, Facts } from '../../components/Facts.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Link } from '../../ui/Link.tsx';
import { t } from '../../words.ts';
import { Ledger } from './Ledger.tsx';
import { dueText } from './scheduleText.ts';

interface ScheduleDetailProps {
  readonly schedule: Schedule;
  readonly onEdit: () => void;
}

/** What a schedule asks for, what can be done with it, and its ledger. */
export function ScheduleDetail({ schedule, onEdit }: ScheduleDetailProps) {
  const { client, place } = useHub();
  const { running, error, run } = useAction();
  const [asks, setAsks] = useState(false);
  const [given, setGiven] = useState<{ id: string; number: number }>();
  const { id: scheduleId, number, enabled } = schedule;
  const isBusy = running !== undefined;
  const runNow = () => run('run', async () => setGiven((await client.request('schedule/run', { scheduleId })).task));
  const toggle = () => run('switch', () => client.request('schedule/enable', { scheduleId, enabled: !enabled }));
  const remove = () => run('remove', () => client.request('schedule/remove', { scheduleId }));
  return (
    <div className="flex flex-col gap-3 py-2 pr-4 pb-4 pl-10">
      <div className="flex flex-wrap items-center gap-2">
        <Button disabled={isBusy} onPress={() => void runNow()}>
          {t('Run now')}
        </Button>
        <Button disabled={isBusy} onPress={() => void toggle()}>
          {enabled ? t('Switch off') : t('Switch on')}
        </Button>
        <Button disabled={isBusy} onPress={onEdit}>
          {t('Edit')}
        </Button>
        <Button disabled={isBusy || asks} onPress={() => setAsks(true)}>
          {t('Remove')}
        </Button>
        <span role="status">
          {given === undefined ? null : (
            <>
              {t('It gave')} <Link onPress={() => place.go(`tasks/${given.id}`)}>{t('task {0}', given.number)}</Link>
            </>
          )}
        </span>
      </div>
      {asks ? (
        <Confirm
          question={t('Remove schedule {0}?', number)}
          yes={t('Remove')}
          onYes={() => void remove()}
          onNo={() => setAsks(false)}
        >
          <p className="text-muted">{t('Tasks that it gave already are not touched.')}</p>
        </Confirm>
      ) : null}
      {error === undefined ? null : <Problem error={error} />}
      <Facts facts={factsOf(schedule)} />
      <Ledger schedule={schedule} />
    </div>
  );
}

function factsOf(schedule: Schedule): Fact[] {
  const { template, when, misfire } = schedule;
  return [
    { name: t('Asks for'), value: <span className="whitespace-pre-wrap">{template.instruction}</span> },
    { name: t('Kind'), value: template.kind },
    { name: t('Model'), value: template.model },
    { name: t('Due'), value: dueText(schedule) },
    {
      name: t('Missed'),
      value: 'at' in when ? null : missedWords[misfire](),
    },
    { name: t('May do'), value: template.autoAccept === 'none' ? t('nothing without asking') : template.autoAccept },
  ];
}
