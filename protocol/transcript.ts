import type { EventData, EventType, TaskEvent } from './events.ts';

/** A model turn as the events tell it so far. */
export interface TurnBlock {
  readonly type: 'turn';
  /** The `seq` of its first event, by which it is known. */
  readonly seq: number;
  readonly turn: number;
  readonly text: string;
  readonly usage?: EventData<'turn'>['usage'];
  readonly contextLength?: number | undefined;
  readonly isSummary?: boolean | undefined;
  readonly call?: EventData<'call'>;
  /** What a command has said so far. */
  readonly output?: string;
  readonly result?: EventData<'result'>;
  /** Its attempt ended before it did; `again`: another attempt has taken it since. */
  readonly broken?: 'off' | 'again';
}

/** An event that is no part of a turn. */
export type PlainEvent = Exclude<TaskEvent, { type: 'text' | 'turn' | 'call' | 'output' | 'result' }>;

export type Block = TurnBlock | { readonly type: 'event'; readonly seq: number; readonly event: PlainEvent };

/** What happened in a task, in the order in which people read it. */
export interface Transcript {
  /** Blocks never change: one of which more is known gives way to another in its place. */
  readonly blocks: readonly Block[];
  /** Takes the next event of the log; each once, in order. */
  add(event: TaskEvent): void;
}

const ENDS_ATTEMPT: ReadonlySet<EventType> = new Set(['started', 'retry', 'failed', 'cancelled']);

export function createTranscript(): Transcript {
  const blocks: Block[] = [];
  /** Where the turns of this attempt are; they count anew with each. */
  let turns = new Map<number, number>();
  const brokenOff = new Map<number, number>();

  const change = (at: number | undefined, some: Partial<TurnBlock>) => {
    const block = at === undefined ? undefined : blocks[at];
    if (at !== undefined && block?.type === 'turn') blocks[at] = { ...block, ...some };
  };
  const breakOff = () => {
    for (const [turn, at] of turns) {
      const block = blocks[at];
      if (block?.type !== 'turn' || block.usage !== undefined || block.call !== undefined || block.result !== undefined)
        continue;
      change(at, { broken: 'off' });
      brokenOff.set(turn, at);
    }
    turns = new Map();
  };
  const inTurn = (seq: number, turn: number, some: (block: TurnBlock) => Partial<TurnBlock>) => {
    const known = turns.get(turn);
    if (known === undefined) {
      change(brokenOff.get(turn), { broken: 'again' });
      turns.set(turn, blocks.length);
      const fresh: TurnBlock = { type: 'turn', seq, turn, text: '' };
      blocks.push({ ...fresh, ...some(fresh) });
    } else {
      const block = blocks[known];
      if (block?.type === 'turn') change(known, some(block));
    }
  };

  return {
    blocks,
    add(event) {
      const { seq, type, data } = event;
      if (ENDS_ATTEMPT.has(type)) breakOff();
      if (type === 'text') inTurn(seq, data.turn, ({ text }) => ({ text: text + data.text }));
      else if (type === 'turn') {
        const { stop: _, ...whole } = data;
        inTurn(seq, data.turn, () => whole);
      } else if (type === 'call') inTurn(seq, data.turn, () => ({ call: data }));
      else if (type === 'output') inTurn(seq, data.turn, ({ output = '' }) => ({ output: output + data.text }));
      else if (type === 'result') inTurn(seq, data.turn, () => ({ result: data }));
      else blocks.push({ type: 'event', seq, event });
    },
  };
}

/** What happened as far as these events tell it: the log from its beginning. */
export function transcriptOf(events: readonly TaskEvent[]): readonly Block[] {
  const transcript = createTranscript();
  for (const event of events) transcript.add(event);
  return transcript.blocks;
}
