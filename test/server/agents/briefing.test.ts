import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorkbench, scripted } from './workbench.ts';

const FINISH = '{"tool":"finish","outcome":"done"}\nSeen.';
const LOOK = '{"tool":"list_files","path":"."}';
const files = {
  'AGENTS.md': 'Use tabs.',
  '.clinerules/long.md': 'x'.repeat(6000),
  'src/a.ts': 'one\n',
  'b.txt': 'y'.repeat(9000),
};

test('rules stand below the system text, what is mentioned below the instruction; what has no room is named', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([FINISH]);
  const { events } = await at.run(engine, { instruction: 'Do as in #file:src/a.ts and #file:b.txt' });
  const [first] = engine.heard;
  assert.match(
    first?.system ?? '',
    /\n\nRules of this workspace:\n\nAGENTS\.md:\nUse tabs\.\n\n\(no room for \.clinerules\/long\.md: .*\)$/,
  );
  assert.equal(
    first?.turns[0]?.text,
    'Do as in #file:src/a.ts and #file:b.txt\n\nsrc/a.ts:\none\n\n(no room for b.txt: read what matters of it)',
  );
  const told = events.find(({ type }) => type === 'told')?.data;
  assert.deepEqual(told && 'sources' in told && told.sources, [
    { name: 'AGENTS.md', characters: 9, leftOut: false },
    { name: '.clinerules/long.md', characters: 6000, leftOut: true },
    { name: 'src/a.ts', characters: 3, leftOut: false },
    { name: 'b.txt', characters: 9000, leftOut: true },
  ]);
});

test('a run that goes on is told the same, whatever the files say by then', async () => {
  await using at = await openWorkbench(files);
  const { id } = at.submit({ instruction: 'Do as in #file:src/a.ts' });
  const before = scripted([LOOK]);
  await at.workUntil({ when: 'before', event: 4 }, before, id);
  at.write('AGENTS.md', 'Use blanks.');
  at.write('src/a.ts', 'two\n');
  const after = scripted([FINISH]);
  await at.work(after, id);
  assert.equal(after.heard[0]?.system, before.heard[0]?.system);
  assert.deepEqual(after.heard[0]?.turns.slice(0, 1), before.heard[0]?.turns);
  assert.deepEqual(at.queue.events(id).filter(({ type }) => type === 'told').length, 1);
});

test('the embedded model is told its own few words, whatever the rules', async () => {
  await using at = await openWorkbench({ ...files, 'src/limits.ts': 'export const MAX = 1;\n' });
  const engine = scripted(['{"tool":"finish","outcome":"failed"}\nNo.'], 'tiny', 1024);
  const { types } = await at.run(engine, { instruction: 'Set MAX to 2 in src/limits.ts' });
  assert.equal(engine.heard[0]?.system, 'ospain2 tiny');
  assert.ok(!types.includes('told'));
});
