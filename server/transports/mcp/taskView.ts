import { z } from 'zod';
import { AnyKind, ProposalStatus, type Task, TaskStatus } from '../../../protocol/index.ts';
import { clipped } from './result.ts';

/** A task as other programs see it: what people ask about, and nothing of how it is worked. */
export const TaskView = z.object({
  task: z.number().int().describe('Its number'),
  kind: AnyKind,
  status: TaskStatus,
  instruction: z.string(),
  file: z.string().nullable().describe('The file that it is about'),
  model: z.string(),
  waits: z.string().nullable().describe('Why it does not run yet'),
  progress: z.string().nullable(),
  result: z.string().nullable(),
  error: z.string().nullable(),
  proposal: ProposalStatus.nullable().describe('Its edits; open: they wait for a person'),
});

/** Characters of an instruction or a result in a view. */
const MAX_TEXT = 20_000;

export const viewOf = (task: Task): z.infer<typeof TaskView> => ({
  task: task.number,
  kind: task.kind,
  status: task.status,
  instruction: clipped(task.instruction, MAX_TEXT),
  file: task.context?.path ?? null,
  model: task.model,
  waits: task.waits,
  progress: task.progress,
  result: task.result === null ? null : clipped(task.result, MAX_TEXT),
  error: task.error === null ? null : `${task.error.code}: ${task.error.message}`,
  proposal: task.proposal,
});

export const hasEnded = ({ status }: Pick<Task, 'status'>): boolean => ENDS.includes(status);

const ENDS: readonly string[] = ['done', 'failed', 'cancelled'];

/** What a model reads of a task. */
export function tell(task: Task): string {
  const lines = [`Task ${task.number} (${task.kind}) is ${task.status}.`];
  if (task.waits !== null) lines.push(`It waits: ${task.waits}`);
  if (task.progress !== null && !hasEnded(task)) lines.push(`Now: ${task.progress}`);
  if (task.error !== null) lines.push(`${task.error.code}: ${task.error.message}`);
  if (task.proposal === 'open')
    lines.push('Its edits are not on disk: they wait for a person, who reviews them in VS Code or the command line.');
  else if (task.proposal !== null) lines.push(`Its edits were ${task.proposal}.`);
  if (task.result !== null) lines.push('', clipped(task.result, MAX_TEXT));
  return lines.join('\n');
}

const OneLine = 100;

export const tellShort = (task: Task): string => {
  const line = task.instruction.replace(/\s+/g, ' ').trim();
  const what = line.length > OneLine ? `${line.slice(0, OneLine)}…` : line;
  return `${task.number} ${task.status}${task.proposal === 'open' ? ', edits wait' : ''}: ${what}`;
};
