import type { Params } from '../../protocol/methods.ts';
import type { AutoAccept, TaskKind } from '../../protocol/tasks.ts';

export type Submission = Params<'task/submit'>;

/**
 * A task as a program hands it to the command `ospain2.task.new`. Undefined when the argument is not one, and the person is
 * asked instead. Only the shape is looked at: the server validates the rest.
 */
export function submissionOf(argument: unknown): Submission | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { instruction, kind, context, model, autoAccept, parentId, dependsOn, priority, notBefore } =
    argument as Record<string, unknown>;
  if (typeof instruction !== 'string') return undefined;
  const submission: Submission = { instruction };
  if (typeof kind === 'string') submission.kind = kind as TaskKind;
  if (typeof context === 'object' && context !== null)
    submission.context = context as NonNullable<Submission['context']>;
  if (typeof model === 'string') submission.model = model;
  if (typeof autoAccept === 'string') submission.autoAccept = autoAccept as AutoAccept;
  if (typeof parentId === 'string') submission.parentId = parentId;
  if (Array.isArray(dependsOn)) submission.dependsOn = dependsOn as NonNullable<Submission['dependsOn']>;
  if (typeof priority === 'number') submission.priority = priority;
  if (typeof notBefore === 'number') submission.notBefore = notBefore;
  return submission;
}
