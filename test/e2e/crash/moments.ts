import { setTimeout as delay } from 'node:timers/promises';
import type { Client, EventType } from '../../../protocol/index.ts';
import { ended } from '../../support/server.ts';
import { accept, cancelParked, park, plan, submitEdit } from './asking.ts';
import { type Edit, type Wishes, wishEdit, wishParked, wishPlanned } from './wishes.ts';

/** What a moment has at hand: a running server, and numbers from 0 up to 1 that look random. */
export interface Stage {
  client: Client;
  workspace: string;
  wishes: Wishes;
  random(): number;
}

/**
 * Brings a server to the moment at which something is killed. Resolves there with what is still under way: each of it
 * ends when its answer came or its server died.
 */
export type Moment = (stage: Stage) => Promise<Promise<unknown>[]>;

const STEPS: readonly EventType[] = ['model', 'text', 'turn', 'call', 'result'];

/** Up to so many milliseconds. */
const upTo = ({ random }: Stage, ms: number): Promise<void> => delay(random() * ms);

/** Several at once, so that a kill finds some answered, some written and some neither. */
const submit: Moment = async (stage) => {
  const { client, wishes, random } = stage;
  const waiting = wishes.parked.filter(({ submit, cancel }) => submit === 'answered' && cancel === 'no');
  const sent = [
    ...Array.from({ length: 4 }, () => park(client, wishParked(wishes))),
    ...waiting.slice(0, 4).map((parked) => cancelParked(client, parked)),
  ];
  if (random() < 0.5) await Promise.race(sent);
  await upTo(stage, 12);
  return sent;
};

/** Submits an edit and waits for an event of one of these types, or its end. */
async function editUntil(stage: Stage, types: readonly EventType[]): Promise<void> {
  const { client, workspace, wishes, random } = stage;
  const edit = wishEdit(workspace, wishes, random() < 0.5 ? 'edits' : 'none');
  const reached = Promise.withResolvers<void>();
  const wanted = new Set<string>([...types, 'done', 'failed']);
  const stop = client.on('task/didEvent', ({ event }) => {
    if (event.taskId === edit.id && wanted.has(event.type)) reached.resolve();
  });
  await submitEdit(client, edit);
  await reached.promise;
  stop();
}

const claim: Moment = async (stage) => {
  await editUntil(stage, ['started']);
  await upTo(stage, 30);
  return [];
};

const step: Moment = async (stage) => {
  const type = STEPS[Math.floor(stage.random() * STEPS.length)] ?? 'turn';
  await editUntil(stage, [type]);
  await upTo(stage, 30);
  return [];
};

const proposal: Moment = async (stage) => {
  await editUntil(stage, ['proposal']);
  await upTo(stage, 10);
  return [];
};

const acceptance: Moment = async (stage) => {
  const { client, workspace, wishes } = stage;
  const ready = await acceptable(client, wishes);
  const fresh = async () => {
    const edit = wishEdit(workspace, wishes, 'none');
    await submitEdit(client, edit);
    return (await ended(client, edit.id)).proposal === 'open' ? edit : undefined;
  };
  const edit = ready ?? (await fresh());
  const sent = edit ? [accept(client, edit)] : [];
  await upTo(stage, 12);
  return sent;
};

/** An edit that ended with a proposal which nobody decided on yet. */
async function acceptable(client: Client, wishes: Wishes): Promise<Edit | undefined> {
  for (const edit of wishes.edits) {
    if (edit.autoAccept !== 'none' || edit.accept !== 'no') continue;
    const { task } = await client.request('task/show', { taskId: edit.id });
    if (task.status === 'done' && task.proposal === 'open') return edit;
  }
  return undefined;
}

/** Around the due time: before the schedule is kept, before its time, while its task is submitted, or in its run. */
const schedule: Moment = async (stage) => {
  const { client, workspace, wishes } = stage;
  const planned = wishPlanned(workspace, wishes, Date.now() + 150);
  const sent = [plan(client, planned)];
  await upTo(stage, 300);
  return sent;
};

/** `worker`: one is at work there, and may be what is killed. */
export const moments: ReadonlyArray<{ name: string; reach: Moment; worker: boolean }> = [
  { name: 'submit', reach: submit, worker: false },
  { name: 'claim', reach: claim, worker: true },
  { name: 'step', reach: step, worker: true },
  { name: 'proposal', reach: proposal, worker: true },
  { name: 'accept', reach: acceptance, worker: false },
  { name: 'schedule', reach: schedule, worker: false },
];
