import { useState } from 'react';
import { oneLine } from '../../../protocol/quantities.ts';
import type { Schedule } from '../../../protocol/schedules.ts';
import { Icon } from '../../ui/Icon.tsx';
import { t } from '../../words.ts';
import { ScheduleDetail } from './ScheduleDetail.tsx';
import { lastText, nextText } from './scheduleText.ts';

interface ScheduleListProps {
  readonly schedules: readonly Schedule[];
  readonly onEdit: (schedule: Schedule) => void;
}

/** All schedules, of which one may be open. */
export function ScheduleList({ schedules, onEdit }: ScheduleListProps) {
  const [open, setOpen] = useState<string>();
  return (
    <ul aria-label={t('Schedules')} className="m-0 list-none p-0 py-1">
      {schedules.map((schedule) => {
        const isOpen = schedule.id === open;
        return (
          <li key={schedule.id} className={isOpen ? 'border-edge border-y bg-side' : ''}>
            <ScheduleRow
              schedule={schedule}
              isOpen={isOpen}
              onToggle={() => setOpen(isOpen ? undefined : schedule.id)}
            />
            {isOpen ? <ScheduleDetail schedule={schedule} onEdit={() => onEdit(schedule)} /> : null}
          </li>
        );
      })}
    </ul>
  );
}

interface ScheduleRowProps {
  readonly schedule: Schedule;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function ScheduleRow({ schedule, isOpen, onToggle }: ScheduleRowProps) {
  const { number, template, enabled } = schedule;
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="flex min-h-8 w-full items-center gap-2.5 px-4 py-1 text-left hover:bg-hover"
    >
      <Icon name={isOpen ? 'down' : 'right'} className="text-muted" />
      <Icon name={enabled ? 'schedules' : 'blocked'} className={enabled ? 'text-ink' : 'text-muted'} />
      <span className="w-8 shrink-0 text-right text-muted tabular-nums">{number}</span>
      <span className="flex min-w-0 flex-1 flex-col wide:flex-row wide:gap-3">
        <span className="min-w-0 flex-1 truncate">{oneLine(template.instruction, 200)}</span>
        <span className="truncate text-muted">{nextText(schedule)}</span>
        <span className="hidden w-56 shrink-0 truncate text-right text-muted wide:block">{lastText(schedule)}</span>
      </span>
    </button>
  );
}
