import { isDeepStrictEqual } from 'node:util';
import type { EventFact, Facts, TaskFact } from './facts.ts';
import type { FileEdit, Wishes } from './wishes.ts';

/** What may be wrong. Each sentence names what it is about. */
export interface Verdict {
  /** Acknowledged and not there, or not as it was acknowledged. */
  lost: string[];
  /** Run to an end more than once, or on after it. */
  endedTwice: string[];
  /** Events that are not numbered from 1 without gaps. */
  gaps: string[];
  /** Events of a lease that another one had followed already. */
  stale: string[];
  /** Due times that did not have exactly one row in the ledger, and tasks that nobody asked for. */
  schedules: string[];
  /** Files that are not exactly as what was accepted makes them. */
  files: string[];
  /** Tasks without an end. */
  unfinished: string[];
  integrity: string[];
}

const ENDS: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled']);

export const noFault = (): Verdict => ({
  lost: [],
  endedTwice: [],
  gaps: [],
  stale: [],
  schedules: [],
  files: [],
  unfinished: [],
  integrity: [],
});

/**
 * Holds what the client was told against what is there. `final`: everything was waited for, so that ends, files and due
 * times are settled. `start` holds the files of the workspace before the client came.
 */
export function judge(
  wishes: Wishes,
  facts: Facts,
  { final, start }: { final: boolean; start: ReadonlyMap<string, string> },
): Verdict {
  const verdict = noFault();
  if (facts.integrity !== 'ok') verdict.integrity.push(facts.integrity);
  const tasks = new Map(facts.tasks.map((task) => [task.id, task]));
  const events = Map.groupBy(facts.events, ({ taskId }) => taskId);
  verdict.lost.push(...lostOf(wishes, facts, tasks, events));
  for (const task of facts.tasks) judgeLog(verdict, task, events.get(task.id) ?? []);
  if (!final) return verdict;
  for (const { id, status } of facts.tasks) if (!ENDS.has(status)) verdict.unfinished.push(`task ${id} is ${status}`);
  verdict.schedules.push(...schedulesOf(wishes, facts, tasks));
  verdict.files.push(...filesOf(wishes, facts, { start, tasks }));
  return verdict;
}

type Tasks = ReadonlyMap<string, TaskFact>;

function lostOf(wishes: Wishes, facts: Facts, tasks: Tasks, events: ReadonlyMap<string, EventFact[]>): string[] {
  const lost: string[] = [];
  for (const { id, submit } of [...wishes.edits, ...wishes.parked])
    if (submit === 'answered' && !tasks.has(id)) lost.push(`task ${id}`);
  for (const { id, accept } of wishes.edits) {
    if (accept !== 'answered') continue;
    if (tasks.get(id)?.proposal !== 'accepted') lost.push(`the accepted edits of task ${id}`);
  }
  for (const { id, cancel } of wishes.parked)
    if (cancel === 'answered' && tasks.get(id)?.status !== 'cancelled') lost.push(`the cancel of task ${id}`);
  for (const { id, create } of wishes.planned)
    if (create === 'answered' && !facts.schedules.includes(id)) lost.push(`schedule ${id}`);
  for (const { taskId, seq, type, data } of wishes.seen) {
    const there = events.get(taskId)?.[seq - 1];
    const same = there?.type === type && isDeepStrictEqual(JSON.parse(there.data), data);
    if (!same) lost.push(`event ${seq} ${type} of task ${taskId}`);
  }
  return lost;
}

function judgeLog(verdict: Verdict, task: TaskFact, events: readonly EventFact[]): void {
  const name = `task ${task.id}`;
  const types = events.map(({ type }) => type);
  if (events.some(({ seq }, index) => seq !== index + 1) || events.length !== task.lastSeq)
    verdict.gaps.push(`${name}: ${events.map(({ seq }) => seq).join(' ')} of ${task.lastSeq}`);
  const end = types.findIndex((type) => ENDS.has(type));
  // A person's decision on the edits is all that may follow.
  if (end >= 0 && types.slice(end + 1).some((type) => type !== 'proposal'))
    verdict.endedTwice.push(`${name}: ${types.slice(end).join(' ')}`);
  if (end >= 0 && types[end] !== task.status) verdict.endedTwice.push(`${name} is ${task.status} after ${types[end]}`);
  const accepted = events.filter(
    ({ type, data }) => type === 'proposal' && (JSON.parse(data) as { status: string }).status === 'accepted',
  );
  if (accepted.length > 1) verdict.endedTwice.push(`${name} was accepted ${accepted.length} times`);
  if (events.some(({ fence }, index) => fence < (events[index - 1]?.fence ?? 0)))
    verdict.stale.push(`${name}: ${events.map(({ fence }) => fence).join(' ')}`);
}

function schedulesOf(wishes: Wishes, { runs, tasks: all }: Facts, tasks: Tasks): string[] {
  const wrong: string[] = [];
  const kept = wishes.planned.filter(({ create }) => create === 'answered');
  for (const { id } of kept) {
    const own = runs.filter(({ scheduleId }) => scheduleId === id);
    const taskId = own[0]?.taskId ?? null;
    if (own.length !== 1 || taskId === null || !tasks.has(taskId))
      wrong.push(`schedule ${id}: ${own.map(({ outcome }) => outcome).join(' ') || 'no run'}`);
  }
  const asked = wishes.edits.length + wishes.parked.length + kept.length;
  if (all.length !== asked) wrong.push(`there are ${all.length} tasks, and ${asked} were asked for`);
  return wrong;
}

interface Before {
  start: ReadonlyMap<string, string>;
  tasks: Tasks;
}

function filesOf(wishes: Wishes, facts: Facts, { start, tasks }: Before): string[] {
  const wanted = new Map(start);
  const expect = ({ path, before, after }: FileEdit, task: TaskFact | undefined) =>
    wanted.set(path, task?.proposal === 'accepted' ? after : before);
  for (const edit of wishes.edits) expect(edit, tasks.get(edit.id));
  const taskOf = new Map(facts.runs.map(({ scheduleId, taskId }) => [scheduleId, taskId]));
  for (const planned of wishes.planned) expect(planned, tasks.get(taskOf.get(planned.id) ?? ''));
  return [...new Set([...wanted.keys(), ...facts.files.keys()])]
    .filter((path) => facts.files.get(path) !== wanted.get(path))
    .map((path) => `${path} is not as it should be`);
}
