import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTranscript } from '../../../extension/views/transcript.ts';
import type { EventData, EventType, TaskEvent } from '../../../protocol/events.ts';

type Told = { [T in EventType]: readonly [T, EventData<T>] }[EventType];

/** Events in order, one second apart, as the server numbers them. */
const story = (...told: readonly Told[]): TaskEvent[] =>
  told.map(([type, data], at) => ({ taskId: 't', seq: at + 1, at: at * 1000, type, data }) as TaskEvent);

const render = (...told: readonly Told[]) =>
  renderTranscript(story(...told), { number: 3, clock: (at) => `${at / 1000} s` });

const usage = { promptTokens: 1200, cachedTokens: 1100, generatedTokens: 40, firstTokenMs: 120, durationMs: 1500 };

test('a task that edits a file reads from top to bottom', () => {
  const text = render(
    ['submitted', { kind: 'agent', instruction: 'Change MAX to 5\nin src/a.ts' }],
    ['started', { attempt: 1, model: 'canary' }],
    ['model', { name: 'canary', state: 'loading' }],
    ['model', { name: 'canary', state: 'ready', ms: 800 }],
    ['text', { turn: 1, text: '{"tool":"read_' }],
    ['text', { turn: 1, text: 'file","path":"src/a.ts"}' }],
    ['turn', { turn: 1, text: '{"tool":"read_file","path":"src/a.ts"}', usage }],
    ['call', { turn: 1, tool: 'read_file', summary: 'read src/a.ts' }],
    ['result', { turn: 1, ok: true, text: 'const MAX = 3;\n' }],
    ['proposal', { status: 'open', files: [{ path: 'src/a.ts', added: 1, removed: 1 }] }],
    ['done', { text: 'Changed MAX to 5.' }],
  );
  assert.equal(
    text,
    `# Task 3

> Change MAX to 5
> in src/a.ts

agent · submitted 0 s

## Attempt 1 · canary · 1 s

The model canary is being loaded…

The model canary is ready after 800 ms.

### Turn 1: read src/a.ts

\`\`\`
{"tool":"read_file","path":"src/a.ts"}
\`\`\`

Result: const MAX = 3;

*1,200 tokens read, 1,100 of them cached · 40 written · first after 120 ms · 1.5 s in all*

## Proposal: 1 file

- \`src/a.ts\` +1 −1

## Done · 10 s

Changed MAX to 5.
`,
  );
});

test('a turn is shown while it streams', () => {
  const text = render(['text', { turn: 1, text: 'The function ' }], ['text', { turn: 1, text: 'clamps' }]);
  assert.equal(text, '# Task 3\n\n### Turn 1\n\nThe function clamps\n');
});

const error = { code: 'worker_failed', message: 'The worker ended.', hint: 'It starts again.' } as const;

test('what a command says is shown until its result, which has it all', () => {
  const told: Told[] = [
    ['turn', { turn: 1, text: '{"tool":"run_command","command":"make"}', usage }],
    ['call', { turn: 1, tool: 'run_command', summary: 'run make' }],
    ['output', { turn: 1, text: 'one\n' }],
    ['output', { turn: 1, text: 'two\n' }],
  ];
  assert.match(render(...told), /So far:\n\n```\none\ntwo\n```/);
  const ended = render(...told, ['result', { turn: 1, ok: true, text: 'exit code 0\none\ntwo' }]);
  assert.doesNotMatch(ended, /So far/);
  assert.match(ended, /Result:\n\n```\nexit code 0\none\ntwo\n```/);
});

test('turns of a second attempt do not continue those of the first', () => {
  const text = render(
    ['started', { attempt: 1, model: 'm' }],
    ['text', { turn: 1, text: 'half' }],
    ['retry', { attempt: 1, error, delayMs: 1000 }],
    ['started', { attempt: 2, model: 'm' }],
    ['text', { turn: 1, text: 'whole' }],
  );
  const order = [
    '### Turn 1: interrupted, and taken again below\n',
    '**Attempt 1 ended:** The worker ended.',
    'It starts again.',
    'in 1.0 s',
    'Attempt 2',
    'whole',
  ];
  const places = order.map((part) => text.indexOf(part));
  assert.ok(!places.includes(-1), text);
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  assert.equal(text.match(/### Turn 1/g)?.length, 2);
  assert.doesNotMatch(text, /half/);
});

test('what an interrupted turn had said is told once: until the turn is taken again', () => {
  const interrupted = [
    ['started', { attempt: 1, model: 'm' }],
    ['turn', { turn: 1, text: 'the first', usage }],
    ['text', { turn: 2, text: 'the second, half' }],
    ['retry', { attempt: 1, error, delayMs: 0 }],
    ['started', { attempt: 2, model: 'm' }],
    ['resumed', { step: 1 }],
  ] as const satisfies Told[];
  assert.match(render(...interrupted), /### Turn 2: interrupted\n\nthe second, half\n/);
  const again = render(...interrupted, ['text', { turn: 2, text: 'the second' }]);
  assert.equal(again.match(/the second/g)?.length, 1);
  assert.equal(again.match(/the first/g)?.length, 1);
  assert.match(again, /It goes on behind step 1\.\n\n### Turn 2\n\nthe second\n$/);
  for (const end of ['cancelled', 'failed'] as const) {
    const ended = render(
      ['text', { turn: 1, text: 'so far' }],
      end === 'failed' ? ['failed', { error }] : ['cancelled', {}],
    );
    assert.match(ended, /^# Task 3\n\n### Turn 1: interrupted\n\nso far\n\n## /);
  }
});

test('a call whose result was lost is no interrupted turn', () => {
  const text = render(
    ['started', { attempt: 1, model: 'm' }],
    ['turn', { turn: 1, text: '{"tool":"read_file","path":"a"}', usage }],
    ['call', { turn: 1, tool: 'read_file', summary: 'read a' }],
    ['retry', { attempt: 1, error, delayMs: 0 }],
    ['started', { attempt: 2, model: 'm' }],
    ['call', { turn: 1, tool: 'read_file', summary: 'read a' }],
    ['retry', { attempt: 2, error, delayMs: 0 }],
    ['started', { attempt: 3, model: 'm' }],
    ['call', { turn: 1, tool: 'read_file', summary: 'read a' }],
    ['result', { turn: 1, ok: true, text: 'A' }],
  );
  assert.equal(text.match(/### Turn 1: read a/g)?.length, 3);
  assert.doesNotMatch(text, /interrupted/);
});

test('a failure says what happened, what to do and its code', () => {
  const error = { code: 'not_taught', message: 'The model was not taught this.', hint: 'Use a real model.' } as const;
  const text = render(['failed', { error }]);
  assert.match(
    text,
    /## Failed · 0 s\n\nThe model was not taught this\.\n\nUse a real model\.\n\nError code: `not_taught`\n$/,
  );
});

test('an edit is shown as the diff that it is, also while it streams', () => {
  const text = [
    '{"tool":"edit_file","path":"src/a.ts"}',
    '<<<<<<< SEARCH',
    'const MAX = 3;',
    '=======',
    'const MAX = 5;',
    '=======',
    '>>>>>>> REPLACE',
  ];
  const shown = (lines: string[]) => render(['text', { turn: 1, text: lines.join('\n') }]);
  const header = '```diff\n{"tool":"edit_file","path":"src/a.ts"}\n';
  assert.ok(shown(text).includes(`${header}-const MAX = 3;\n+const MAX = 5;\n+=======\n\`\`\``), shown(text));
  assert.ok(shown(text.slice(0, 3)).includes(`${header}-const MAX = 3;\n\`\`\``));
});

test('back-ticks in a file do not break out of its block', () => {
  const text = render(['result', { turn: 1, ok: true, text: 'a\n```\n# not a heading\n```` b' }]);
  assert.match(text, /`````\na\n```\n# not a heading\n```` b\n`````/);
});

test('a long result is cut, and says by how much', () => {
  const lines = Array.from({ length: 100 }, (_, at) => `line ${at + 1}`);
  const text = render(['result', { turn: 1, ok: false, text: lines.join('\n') }]);
  assert.match(text, /Did not work:/);
  assert.match(text, /line 60\n… 40 more lines\n/);
  assert.doesNotMatch(text, /line 61\b/);
});

test('what became of the proposal, and a cancelled task, are one sentence each', () => {
  const text = render(
    ['proposal', { status: 'accepted', files: [] }],
    ['proposal', { status: 'undone', files: [] }],
    ['cancelAsked', {}],
    ['cancelled', {}],
  );
  assert.equal(
    text,
    '# Task 3\n\nThe proposal was accepted.\n\nThe proposal was undone.\n\nCancelling was asked for.\n\n## Cancelled · 3 s\n',
  );
});

test('waiting, pausing, going on and priorities are one line each', () => {
  const text = render(
    ['waiting', { status: 'blocked', reason: 'waits for #3' }],
    ['prioritized', { priority: 100 }],
    ['pauseAsked', {}],
    ['resumed', { step: 2 }],
    ['resumed', { step: 0 }],
  );
  const lines = [
    'Waits for #3 · 0 s',
    'Its priority is 100 now.',
    'A pause after the current step was asked for.',
    'It goes on behind step 2.',
    'It goes on.',
  ];
  assert.equal(text, `# Task 3\n\n${lines.join('\n\n')}\n`);
});

test('an event of a newer server is passed over', () => {
  const unknown = { taskId: 't', seq: 1, at: 0, type: 'sparkle', data: {} } as unknown as TaskEvent;
  assert.equal(renderTranscript([unknown], { number: 3, clock: String }), '# Task 3\n');
});
