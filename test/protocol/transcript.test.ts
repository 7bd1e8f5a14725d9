import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventData, EventType, TaskEvent } from '../../protocol/events.ts';
import { createTranscript } from '../../protocol/transcript.ts';

const event = <T extends EventType>(seq: number, type: T, data: EventData<T>): TaskEvent =>
  ({ taskId: 't', seq, at: 0, type, data }) as TaskEvent;

test('a block that grows gives way to another, and those beside it stay as they are', () => {
  const transcript = createTranscript();
  transcript.add(event(1, 'started', { attempt: 1, model: 'm' }));
  transcript.add(event(2, 'text', { turn: 1, text: 'Hel' }));
  const [started, before] = transcript.blocks;
  transcript.add(event(3, 'text', { turn: 1, text: 'lo' }));
  const [stays, after] = transcript.blocks;
  assert.equal(stays, started);
  assert.notEqual(after, before);
  assert.deepEqual(before, { type: 'turn', seq: 2, turn: 1, text: 'Hel' });
  assert.deepEqual(after, { type: 'turn', seq: 2, turn: 1, text: 'Hello' });
});

test('a block keeps its number, whatever comes to it', () => {
  const transcript = createTranscript();
  transcript.add(event(1, 'started', { attempt: 1, model: 'm' }));
  transcript.add(event(2, 'call', { turn: 1, tool: 'run', summary: 'run `ls`' }));
  transcript.add(event(3, 'begun', { turn: 1, why: 'it may be made' }));
  transcript.add(event(4, 'output', { turn: 1, text: 'a' }));
  transcript.add(event(5, 'output', { turn: 1, text: 'b' }));
  transcript.add(event(6, 'result', { turn: 1, ok: true, text: 'ab' }));
  assert.deepEqual(
    transcript.blocks.map(({ seq }) => seq),
    [1, 2, 3],
  );
  const [, turn] = transcript.blocks;
  assert.ok(turn?.type === 'turn');
  assert.equal(turn.output, 'ab');
  assert.deepEqual(turn.result, { turn: 1, ok: true, text: 'ab' });
});

test('a turn that broke off says so, and that it was taken again as soon as it is', () => {
  const transcript = createTranscript();
  transcript.add(event(1, 'started', { attempt: 1, model: 'm' }));
  transcript.add(event(2, 'text', { turn: 1, text: 'Hel' }));
  transcript.add(event(3, 'started', { attempt: 2, model: 'm' }));
  const broken = () => transcript.blocks.flatMap((block) => (block.type === 'turn' ? [block.broken] : []));
  assert.deepEqual(broken(), ['off']);
  transcript.add(event(4, 'text', { turn: 1, text: 'Hello' }));
  assert.deepEqual(broken(), ['again', undefined]);
});
