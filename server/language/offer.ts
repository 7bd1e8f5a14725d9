import type { Action, Spot, TaskContext, TaskKind } from '../../protocol/index.ts';
import type { Subject } from './subject.ts';

/** An action with the task that it becomes. */
export interface Offer extends Action {
  kind: TaskKind;
  /** What the task is told; `said` answers the action's question, and is empty when there is none. */
  instruction(said: string): string;
  context: TaskContext;
  /** Looks once more before the task is submitted; rejects with the OspainError that says why it must not be. */
  check?(): Promise<void>;
}

/** A place in a file of the workspace; its path is relative to it, with `/`. */
export interface Place extends Spot {
  subject: Subject | undefined;
  /** What the person wrote as a comment `ospain2: …` there. */
  said: string | undefined;
}

/** What most offers have in common. */
export function offer(
  place: Place,
  own: Pick<Offer, 'name' | 'title' | 'kind' | 'instruction'> & Partial<Offer>,
): Offer {
  const { path, subject, range } = place;
  const question = place.said === undefined ? (own.question ?? null) : null;
  return {
    problem: null,
    disabled: null,
    sure: false,
    range: subject?.range ?? range,
    context: { path, ...(subject && { text: subject.text }) },
    ...own,
    question,
    title:
      own.question && place.said !== undefined ? `${own.title.replace('…', '')}: ${clip(place.said, 60)}` : own.title,
    instruction: (said) => own.instruction(said || (place.said ?? '')),
  };
}

/** A text as a part of one line. */
export function clip(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
