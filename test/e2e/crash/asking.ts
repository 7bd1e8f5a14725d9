import { type Client, OspainError } from '../../../protocol/index.ts';
import type { Edit, Parked, Planned, Wishes } from './wishes.ts';

/** Unix milliseconds: the year 2100. */
const FAR = 4_102_444_800_000;
/** Every kill of a server or a worker uses an attempt up. */
const ATTEMPTS = 20;

/** What a request answers, or undefined when the server died before the answer came. */
async function answerOf<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (thrown) {
    if (thrown instanceof OspainError && thrown.code === 'unavailable') return undefined;
    throw thrown;
  }
}

export async function submitEdit(client: Client, edit: Edit): Promise<void> {
  edit.submit = 'asked';
  const { id, instruction, autoAccept } = edit;
  const answer = await answerOf(
    client.request('task/submit', { id, instruction, autoAccept, maxAttempts: ATTEMPTS, kind: 'agent' }),
  );
  if (answer) edit.submit = 'answered';
}

/** Asking again after a lost answer is harmless: the edits are accepted already, then. */
export async function accept(client: Client, edit: Edit): Promise<void> {
  const again = edit.accept === 'asked';
  edit.accept = 'asked';
  const { id: taskId } = edit;
  if (again) {
    const shown = await answerOf(client.request('proposal/show', { taskId }));
    if (shown === undefined) return;
    if (shown.proposal.status === 'accepted') {
      edit.accept = 'answered';
      return;
    }
  }
  if (await answerOf(client.request('proposal/accept', { taskId }))) edit.accept = 'answered';
}

export async function park(client: Client, parked: Parked): Promise<void> {
  parked.submit = 'asked';
  const params = { id: parked.id, kind: 'ask', instruction: 'Not now.', notBefore: FAR } as const;
  if (await answerOf(client.request('task/submit', params))) parked.submit = 'answered';
}

export async function cancelParked(client: Client, parked: Parked): Promise<void> {
  const again = parked.cancel === 'asked';
  parked.cancel = 'asked';
  const { id: taskId } = parked;
  if (again) {
    const shown = await answerOf(client.request('task/show', { taskId }));
    if (shown === undefined) return;
    if (shown.task.status === 'cancelled') {
      parked.cancel = 'answered';
      return;
    }
  }
  if (await answerOf(client.request('task/cancel', { taskId }))) parked.cancel = 'answered';
}

export async function plan(client: Client, planned: Planned): Promise<void> {
  planned.create = 'asked';
  const { id, at, instruction } = planned;
  const template = { kind: 'agent', instruction, autoAccept: 'edits' } as const;
  const answer = await answerOf(client.request('schedule/create', { id, when: { at }, misfire: 'once', template }));
  if (answer) planned.create = 'answered';
}

/** After a restart: asks again for everything whose answer was lost. */
export async function catchUp(client: Client, wishes: Wishes): Promise<void> {
  for (const edit of wishes.edits) {
    if (edit.submit === 'asked') await submitEdit(client, edit);
    if (edit.accept === 'asked') await accept(client, edit);
  }
  for (const parked of wishes.parked) {
    if (parked.submit === 'asked') await park(client, parked);
    if (parked.cancel === 'asked') await cancelParked(client, parked);
  }
  if (wishes.planned.every(({ create }) => create !== 'asked')) return;
  // Its time may have passed, so a schedule is not asked for again: it is there, or it never was.
  const { schedules } = await client.request('schedule/list', {});
  for (const planned of wishes.planned)
    if (planned.create === 'asked') planned.create = schedules.some(({ id }) => id === planned.id) ? 'answered' : 'no';
}
