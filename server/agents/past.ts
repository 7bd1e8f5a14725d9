import type { EventData, TaskEvent } from '../../protocol/index.ts';
import type { Answer } from '../inference/engine.ts';
import type { ToolResult } from './tools/tool.ts';

/** `begun`: it was made, and nothing says how that went. Else what a person was asked, whatever they have answered. */
export type Mark = 'begun' | { readonly approval: number };

/** A model turn that a run has taken already, with as much of what followed it as was finished. */
export interface PastTurn {
  readonly answer: Answer;
  /** Whether it summed up the turns before it instead of making a call. */
  readonly isSummary: boolean;
  /** Whether the log has its call. */
  readonly called: boolean;
  /** The last that is known of whether the call may be made. */
  readonly mark: Mark | undefined;
  /** What the model is told, letter for letter. */
  readonly result: ToolResult | undefined;
}

/** What a run did before it was interrupted, as its log has it. */
export interface Past {
  /** By their number, which counts from 1. */
  readonly turns: ReadonlyMap<number, PastTurn>;
  /** What the model was told before its first answer; undefined for the usual. */
  readonly briefing: EventData<'told'> | undefined;
  /** The last turn that the model was told the result of; 0 when there is none. */
  readonly answered: number;
  /** Whether its edits were made a proposal. */
  readonly proposed: boolean;
}

export function readPast(history: readonly TaskEvent[]): Past {
  const turns = new Map<number, PastTurn>();
  let answered = 0;
  let proposed = false;
  let briefing: Past['briefing'];
  const add = (turn: number, change: Partial<PastTurn>): void => {
    const there = turns.get(turn);
    if (there) turns.set(turn, { ...there, ...change });
  };
  for (const { type, data } of history) {
    if (type === 'told') briefing = data;
    else if (type === 'turn') {
      const { turn, text, stop = 'end', usage, isSummary = false } = data;
      turns.set(turn, { answer: { text, stop, usage }, isSummary, called: false, mark: undefined, result: undefined });
    } else if (type === 'call') add(data.turn, { called: true });
    else if (type === 'approval') add(data.turn, { called: true, mark: { approval: data.id } });
    else if (type === 'begun') add(data.turn, { called: true, mark: 'begun' });
    else if (type === 'result') {
      add(data.turn, { result: { ok: data.ok, text: data.text } });
      answered = data.turn;
    } else if (type === 'proposal' && data.status === 'open') {
      proposed = true;
      // The call that led here has no result, so it is in no step of its own.
      add(turns.size, { called: true });
    }
  }
  return { turns, briefing, answered, proposed };
}
