import { oneLine } from '../../protocol/quantities.ts';
import type { Run, Schedule } from '../../protocol/schedules.ts';
import { conditionWords, missedWords, outcomeWords } from '../../protocol/scheduleWords.ts';
import { t } from '../../protocol/words.ts';
import { escapeMarkdown } from './markdown.ts';
import type { Look } from './treeItem.ts';

type Clock = (at: number) => string;

export function scheduleLook(schedule: Schedule, clock: Clock): Look {
  const { number, template, enabled, nextAt, lastAt } = schedule;
  const text = oneLine(template.instruction, 80);
  const next = nextText(schedule, clock);
  const last = lastAt === null ? t('never ran') : t('last {0}', clock(lastAt));
  const description = `${next} · ${last}`;
  return {
    label: `#${number} ${text}`,
    description,
    icon: { id: enabled ? (nextAt === null ? 'history' : 'calendar') : 'circle-slash' },
    tooltip: tooltipOf(schedule, description),
    spoken: t('Schedule {0}, {1}, {2}: {3}', number, next, last, text),
    contextValue: `schedule.${enabled ? 'on' : 'off'}`,
  };
}

function nextText({ enabled, nextAt }: Schedule, clock: Clock): string {
  if (!enabled) return t('off');
  return nextAt === null ? t('never due again') : t('next {0}', clock(nextAt));
}

function tooltipOf({ number, when, conditions, misfire, template }: Schedule, description: string): string {
  const due =
    'at' in when
      ? t('Due once')
      : t('Due at `{0}`, {1}', when.cron.replaceAll('`', ''), escapeMarkdown(when.timeZone ?? t('local time')));
  const also = conditions.map((condition) => `, ${conditionWords[condition]()}`).join('');
  return [
    `**${t('Schedule {0}', number)}** · ${escapeMarkdown(template.kind)} · ${description}`,
    escapeMarkdown(oneLine(template.instruction, 400)),
    `${due}${also}`,
    missedWords[misfire](),
  ].join('\n\n');
}

const ICONS: Readonly<Record<Run['outcome'], string>> = {
  submitted: 'check',
  skipped: 'circle-slash',
  merged: 'git-merge',
  waiting: 'clock',
  refused: 'error',
};

/** What became of one due time. */
export function runLook({ dueAt, outcome, reason, taskId }: Run, clock: Clock): Look {
  const words = outcomeWords[outcome]();
  const description = reason === null ? words : `${words} · ${oneLine(reason, 120)}`;
  return {
    label: clock(dueAt),
    description,
    icon: { id: ICONS[outcome] },
    tooltip: escapeMarkdown(t('Due {0}: {1}', clock(dueAt), description)),
    spoken:
      taskId === null
        ? t('Due {0}: {1}', clock(dueAt), description)
        : t('Due {0}: {1}, opens the task', clock(dueAt), description),
    contextValue: 'run',
  };
}
