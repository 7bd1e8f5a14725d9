import type { Step, TaskEvent } from '../../protocol/index.ts';

/** Events that may belong to a step; whoever reads a log for its steps needs these and the ones in `MARKS`. */
const PARTS = ['told', 'turn', 'call', 'approval', 'begun', 'result', 'proposal'] as const;
const MARKS = ['started', 'retry', 'resumed', 'failed', 'cancelled', 'done'] as const;

/** The types of event that `historyOf` and `stepsOf` look at; all others may be left out of what they are given. */
export const historyTypes: readonly TaskEvent['type'][] = [...PARTS, ...MARKS];

interface FinishedStep {
  kind: Step['kind'];
  summary: string;
  /** What makes the step, in order; the last one ended it. */
  events: TaskEvent[];
}

/**
 * What the latest run of a task has done: the events of its finished steps, in order. `events` is the task's log from
 * its beginning; other types than `historyTypes` may be missing.
 *
 * A *step* is one of
 * - `turn`: one `turn` event, a model turn that ended, with the `told` in front of it;
 * - `call`: a `call` with the `result` that answers it; a `result` without a call, which answers a turn that was no call;
 * - `approval`: a `call` with what is known of whether it may be made: `approval` events, and `begun` when it was. It is
 *   finished at each of them, and the `result` that follows is the step `call`, without the event of that name;
 * - `proposal`: one `proposal` event with the status `open`. What a person makes of it is no step.
 * A `call` that has none of these behind it is not finished: it is in no step, and whoever goes on may make it again. So is
 * the call `finish`, which needs no answer.
 *
 * A *run* begins with `submitted`, and anew with a `retry` behind an end (`failed`, `cancelled`): that is a person's.
 * A `retry` behind anything else belongs to the queue, after a failed or dead attempt, and the run goes on.
 * `resumed {step: n}` keeps the first n steps, also directly behind a person's `retry`, which then does not begin anew.
 *
 * A `turn` with the number of one that is there already takes its place, and what came after that one is gone: a kind
 * that does not go on from its history begins its turns again.
 */
export const historyOf = (events: Iterable<TaskEvent>): TaskEvent[] => finished(events).flatMap((step) => step.events);

/** The same as steps, numbered from 1. */
export const stepsOf = (events: Iterable<TaskEvent>): Step[] =>
  finished(events).map(({ kind, summary, events: made }, index) => {
    const last = made.at(-1);
    return { step: index + 1, kind, summary, seq: last?.seq ?? 0, at: last?.at ?? 0 };
  });

function finished(events: Iterable<TaskEvent>): FinishedStep[] {
  let steps: FinishedStep[] = [];
  let open: CallEvent | undefined;
  let told: TaskEvent | undefined;
  let ended = false;
  /** A person's `retry` was the event before this one: the run begins anew unless `resumed` follows. */
  let anew = false;

  for (const event of events) {
    if (event.type === 'resumed') {
      steps = steps.slice(0, event.data.step);
      anew = false;
    }
    if (anew) steps = [];
    anew = event.type === 'retry' && ended;
    if (event.type === 'failed' || event.type === 'cancelled' || event.type === 'done') ended = true;
    if (event.type === 'retry' || event.type === 'started') [ended, open] = [false, undefined];

    if (event.type === 'told') told = event;
    if (event.type === 'turn') {
      const { turn } = event.data;
      const again = steps.findIndex(({ kind, events: made }) => kind === 'turn' && turnOf(made.at(-1)) === turn);
      if (again >= 0) steps = steps.slice(0, again);
      const summary = event.data.isSummary === true ? `turn ${turn}: a summary of what was done` : `turn ${turn}`;
      steps.push({ kind: 'turn', summary, events: told ? [told, event] : [event] });
      [open, told] = [undefined, undefined];
    }
    if (event.type === 'call') open = event;
    if (event.type === 'approval' || event.type === 'begun') {
      const last = steps.at(-1);
      if (last?.kind === 'approval') last.events.push(event);
      else {
        const summary =
          event.type === 'approval' ? `asked: ${event.data.summary}` : `${nameOf(open)}: ${event.data.why}`;
        steps.push({ kind: 'approval', summary, events: open ? [open, event] : [event] });
      }
    }
    if (event.type === 'result') {
      const last = steps.at(-1);
      // The call of one that was asked about stands in that step.
      const asked = last?.kind === 'approval' ? last.events.find(isCall) : undefined;
      steps.push({ kind: 'call', summary: nameOf(asked ?? open), events: open && !asked ? [open, event] : [event] });
      open = undefined;
    }
    if (event.type === 'proposal' && event.data.status === 'open')
      steps.push({ kind: 'proposal', summary: edits(event.data.files.length), events: [event] });
  }
  return anew ? [] : steps;
}

type CallEvent = Extract<TaskEvent, { type: 'call' }>;

const isCall = (event: TaskEvent): event is CallEvent => event.type === 'call';

const nameOf = (call: CallEvent | undefined): string =>
  call?.data.summary || call?.data.tool || 'an answer that was no call';

const turnOf = (event: TaskEvent | undefined): number | undefined =>
  event?.type === 'turn' ? event.data.turn : undefined;

const edits = (files: number): string => `edits of ${files} ${files === 1 ? 'file' : 'files'}`;
