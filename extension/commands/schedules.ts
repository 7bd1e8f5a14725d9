import * as vscode from 'vscode';
import { oneLine } from '../../protocol/quantities.ts';
import type { Schedule } from '../../protocol/schedules.ts';
import { t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import { problemOf } from '../problem.ts';
import { autoAccept } from '../settings.ts';
import { clock } from '../views/clock.ts';
import { scheduleLook } from '../views/scheduleItem.ts';
import { requireFolder } from '../workspace.ts';
import { type Command, connected } from './command.ts';
import { askAgain, askSchedule, type ScheduleInput } from './newSchedule.ts';

export const scheduleCommands: Readonly<Record<string, Command>> = {
  /** Asks for a schedule, or takes the one that a program gives. */
  'ospain2.schedule.new': (context) => async (argument) => {
    requireFolder();
    const given = inputOf(argument);
    if (given !== undefined) return connected(create)(context)(given);
    const asked = await askSchedule(autoAccept());
    return asked && connected(createAsked)(context)(asked);
  },

  'ospain2.schedule.enable': connected((context, argument) =>
    switchTo(context, argument, true, { title: t('Switch which schedule on?'), none: t('No schedule is off.') }),
  ),

  'ospain2.schedule.disable': connected((context, argument) =>
    switchTo(context, argument, false, { title: t('Switch which schedule off?'), none: t('No schedule is on.') }),
  ),

  /** Gives its task now. */
  'ospain2.schedule.run': connected(async (context, argument) => {
    const texts = { title: t('Run which schedule now?'), none: t('There are no schedules.') };
    const schedule = await pickSchedule(context, argument, texts, () => true);
    if (schedule === undefined) return undefined;
    const { task } = await context.client.request('schedule/run', { scheduleId: schedule.id });
    vscode.window.setStatusBarMessage(t('Schedule {0} gave task {1}.', schedule.number, task.number), 5000);
    return task;
  }),

  'ospain2.schedule.remove': connected(async (context, argument) => {
    const texts = { title: t('Remove which schedule?'), none: t('There are no schedules.') };
    const schedule = await pickSchedule(context, argument, texts, () => true);
    if (schedule === undefined) return;
    const remove = t('Remove');
    const detail = `${oneLine(schedule.template.instruction, 200)}\n\n${t('Tasks that it gave already are not touched.')}`;
    const question = t('Remove schedule {0}?', schedule.number);
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
    await context.client.request('schedule/remove', { scheduleId: schedule.id });
  }),
};

async function create({ client }: Connected, given: unknown): Promise<Schedule> {
  const { schedule } = await client.request('schedule/create', given as ScheduleInput);
  const { number, nextAt } = schedule;
  const made = t('Schedule {0} is made.', number);
  const next = nextAt === null ? [] : [t('It is due {0}.', clock(nextAt))];
  vscode.window.setStatusBarMessage([made, ...next].join(' '), 5000);
  return schedule;
}

/** A time that the server refuses is asked for again: what else was answered is not lost. */
async function createAsked(context: Connected, asked: unknown): Promise<Schedule | undefined> {
  let input = asked as ScheduleInput;
  for (;;) {
    try {
      return await create(context, input);
    } catch (thrown) {
      const { code, message } = problemOf(thrown);
      if (code !== 'invalid_params') throw thrown;
      const when = await askAgain(input.when, message);
      if (when === undefined) return undefined;
      input = { ...input, when };
    }
  }
}

/** Only the shape is looked at: the server validates the rest. */
function inputOf(argument: unknown): ScheduleInput | undefined {
  const isInput = typeof argument === 'object' && argument !== null && 'when' in argument && 'template' in argument;
  return isInput ? (argument as ScheduleInput) : undefined;
}

interface Texts {
  readonly title: string;
  readonly none: string;
}

async function switchTo(context: Connected, argument: unknown, enabled: boolean, texts: Texts) {
  const picked = await pickSchedule(context, argument, texts, (schedule) => schedule.enabled !== enabled);
  if (picked === undefined) return undefined;
  const { schedule } = await context.client.request('schedule/enable', { scheduleId: picked.id, enabled });
  return schedule;
}

/** The schedule that a row, an id or a number means, or that the person chooses. */
async function pickSchedule(
  { client }: Connected,
  argument: unknown,
  { title, none }: Texts,
  fits: (schedule: Schedule) => boolean,
): Promise<Schedule | undefined> {
  const { schedules } = await client.request('schedule/list', {});
  const meant = scheduleIdOf(argument);
  const found = schedules.find(({ id, number }) => id === meant || String(number) === meant);
  if (found !== undefined) return found;
  const fitting = schedules.filter(fits);
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  const items = fitting.map((schedule) => {
    const { label, description } = scheduleLook(schedule, clock);
    return { label, description, schedule };
  });
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.schedule;
}

function scheduleIdOf(argument: unknown): string | undefined {
  if (typeof argument === 'string' || typeof argument === 'number') return String(argument);
  if (typeof argument !== 'object' || argument === null || !('scheduleId' in argument)) return undefined;
  return typeof argument.scheduleId === 'string' ? argument.scheduleId : undefined;
}
