import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PartReader, readChatMessages } from '../../extension/chatMessages.ts';

type Part = { value: string } | { callId: string; name: string; input: object } | { callId: string; content: Part[] };

const read: PartReader = {
  text: (part) => ('value' in (part as Part) ? (part as { value: string }).value : undefined),
  call: (part) => ('input' in (part as Part) ? (part as { callId: string; name: string; input: object }) : undefined),
  result: (part) => ('content' in (part as Part) ? (part as { callId: string; content: Part[] }) : undefined),
};

test('text, calls and what tools answered keep their order', () => {
  assert.deepEqual(readChatMessages('user', [{ value: 'Say ' }, { value: 'hello.' }], read), [
    { role: 'user', text: 'Say hello.' },
  ]);
  assert.deepEqual(
    readChatMessages('assistant', [{ value: 'I look.' }, { callId: '1', name: 'read', input: { path: 'a' } }], read),
    [{ role: 'assistant', text: 'I look.', calls: [{ id: '1', name: 'read', arguments: '{"path":"a"}' }] }],
  );
  assert.deepEqual(
    readChatMessages(
      'user',
      [{ callId: '1', content: [{ value: 'one' }, { value: ' two' }] }, { value: 'Well?' }],
      read,
    ),
    [
      { role: 'tool', text: 'one two', callId: '1' },
      { role: 'user', text: 'Well?' },
    ],
  );
});

test('parts that are no text are left out', () => {
  assert.deepEqual(readChatMessages('user', [{ mimeType: 'image/png' }], read), []);
});
