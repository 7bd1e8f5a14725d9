import * as vscode from 'vscode';
import type { Params } from '../../protocol/methods.ts';
import type { Condition, Misfire, When } from '../../protocol/schedules.ts';
import { readTime, type WhenOffer, whenOffers } from '../../protocol/scheduleTimes.ts';
import type { AutoAccept } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';
import { askTask } from './newTask.ts';

export type ScheduleInput = Params<'schedule/create'>;

/** Asks for a schedule, question by question. Undefined when the person went away. */
export async function askSchedule(autoAccept: AutoAccept): Promise<ScheduleInput | undefined> {
  const template = await askTask({ what: t('New Schedule') });
  const when = template && (await askWhen());
  const conditions = when && (await askConditions());
  if (template === undefined || when === undefined || conditions === undefined) return undefined;
  // Of a single time there is nothing to choose: it is done late rather than not at all.
  const misfire = 'at' in when ? 'once' : await askMisfire();
  return misfire && { when, conditions, misfire, template: { ...template, autoAccept } };
}

async function askWhen(): Promise<When | undefined> {
  const offers: readonly WhenOffer[] = whenOffers(Date.now());
  const chosen = await vscode.window.showQuickPick(offers, { title: t('When is it due?'), matchOnDescription: true });
  if (chosen?.when === 'time') return askTime();
  return chosen?.when === 'cron' ? askCron() : chosen?.when;
}

/** Asks for a time or an expression anew that the server refused, with its reason. Undefined when the person went away. */
export const askAgain = (when: When, reason: string): Promise<When | undefined> =>
  'at' in when ? askTime(reason) : askCron({ cron: when.cron, reason });

async function askTime(refused?: string): Promise<When | undefined> {
  const text = await vscode.window.showInputBox({
    title: t('When is it due?'),
    prompt: refused ?? t('A time of the day, or a date and a time.'),
    placeHolder: t('For example: 18:30 or 2027-01-31 02:00'),
    validateInput: (value) =>
      readTime(value, Date.now()) === undefined ? t('Write a time that is still to come, as in 18:30.') : undefined,
  });
  const at = text === undefined ? undefined : readTime(text, Date.now());
  return at === undefined ? undefined : { at };
}

async function askCron(refused?: { cron: string; reason: string }): Promise<When | undefined> {
  const problemOf = (value: string) =>
    value.trim() === '' ? t('Write a cron expression.') : value.trim() === refused?.cron ? refused.reason : undefined;
  const cron = await vscode.window.showInputBox({
    title: t('When is it due?'),
    value: refused?.cron ?? '',
    prompt: refused?.reason ?? t('Minute, hour, day of month, month, day of week; in the time of this machine.'),
    placeHolder: t('For example: 0 6 * * MON-FRI'),
    validateInput: problemOf,
  });
  return cron === undefined ? undefined : { cron: cron.trim() };
}

async function askConditions(): Promise<Condition[] | undefined> {
  const items: (vscode.QuickPickItem & { condition: Condition })[] = [
    { label: t('On mains power'), description: t('wait until the machine is plugged in'), condition: 'mains' },
    { label: t('When idle'), description: t('wait until nobody works at the machine'), condition: 'idle' },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('What must also hold? Choose none to start when it is due'),
    canPickMany: true,
  });
  return chosen?.map(({ condition }) => condition);
}

async function askMisfire(): Promise<Misfire | undefined> {
  const items: (vscode.QuickPickItem & { misfire: Misfire })[] = [
    { label: t('Run once for all of them'), description: t('as soon as it can'), misfire: 'once' },
    { label: t('Leave them out'), description: t('wait for the next one'), misfire: 'skip' },
    { label: t('Run each of them'), description: t('one after the other'), misfire: 'all' },
  ];
  const title = t('What becomes of due times while OSPAiN2 is not running?');
  return (await vscode.window.showQuickPick(items, { title }))?.misfire;
}
