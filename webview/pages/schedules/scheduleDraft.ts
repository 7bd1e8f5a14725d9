import type { Params } from '../../../protocol/methods.ts';
import type { Schedule, When } from '../../../protocol/schedules.ts';
import { readTime } from '../../../protocol/scheduleTimes.ts';

/** A schedule while a person writes it. */
export interface ScheduleDraft {
  readonly instruction: string;
  readonly kind: Schedule['template']['kind'];
  readonly model: string;
  /** `at` takes `time`; `cron` takes the expression. */
  readonly due: 'at' | 'cron';
  /** As in 18:30 or 2027-01-31 02:00. */
  readonly time: string;
  readonly cron: string;
  /** Empty is the machine's own. */
  readonly timeZone: string;
  readonly idle: boolean;
  readonly mains: boolean;
  readonly misfire: Schedule['misfire'];
  readonly autoAccept: Schedule['template']['autoAccept'];
}

export const emptyDraft: ScheduleDraft = {
  ...{ instruction: '', kind: 'agent', model: 'default', due: 'cron', time: '', cron: '0 2 * * *', timeZone: '' },
  ...{ idle: false, mains: false, misfire: 'once', autoAccept: 'none' },
};

/** What a schedule asks for, to be written anew. */
export function draftOf({ when, conditions, misfire, template }: Schedule): ScheduleDraft {
  return {
    ...{ ...template, misfire, idle: conditions.includes('idle'), mains: conditions.includes('mains') },
    ...{ time: '', cron: emptyDraft.cron, timeZone: '' },
    ...whenPart(when),
  };
}

/** What of a draft says when it is due. */
export const whenPart = (when: When): Partial<ScheduleDraft> & Pick<ScheduleDraft, 'due'> =>
  'at' in when
    ? { due: 'at', time: localTime(when.at) }
    : { due: 'cron', cron: when.cron, timeZone: when.timeZone ?? '' };

/** What is missing: the field, and what is wrong with it. The server looks at the rest. */
export type DraftProblem = 'instruction' | 'time' | 'cron';

/** What the server is asked for; or what is missing. `now` is Unix milliseconds. */
export function readDraft(draft: ScheduleDraft, now: number): Params<'schedule/create'> | DraftProblem {
  if (draft.instruction.trim() === '') return 'instruction';
  const when = readWhen(draft, now);
  if (typeof when === 'string') return when;
  const { kind, model, autoAccept, misfire, idle, mains } = draft;
  return {
    when,
    conditions: [...(idle ? (['idle'] as const) : []), ...(mains ? (['mains'] as const) : [])],
    // Of a single time there is nothing to choose: it is done late rather than not at all.
    misfire: 'at' in when ? 'once' : misfire,
    template: { kind, instruction: draft.instruction.trim(), model: model.trim() || 'default', autoAccept },
  };
}

function readWhen({ due, time, cron, timeZone }: ScheduleDraft, now: number): When | DraftProblem {
  if (due === 'cron') {
    if (cron.trim() === '') return 'cron';
    return { cron: cron.trim(), ...(timeZone.trim() === '' ? {} : { timeZone: timeZone.trim() }) };
  }
  const at = readTime(time, now);
  return at === undefined ? 'time' : { at };
}

/** As `readTime` reads it, on the machine's clock. */
function localTime(at: number): string {
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
