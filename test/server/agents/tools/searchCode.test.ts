import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSearchCode } from '../../../../server/agents/tools/searchCode.ts';
import { openWorkbench, scripted } from '../workbench.ts';

const call = '{"tool":"search_code","question":"wait between retries"}';
const edit = '{"tool":"edit_file","path":"a.ts"}\n<<<<<<< SEARCH\none\n=======\ntwo\n>>>>>>> REPLACE';
const finish = '{"tool":"finish","outcome":"done"}\nSeen.';

test('the model reads where to look, and which of it it has changed since', async () => {
  const asked: unknown[] = [];
  const tool = createSearchCode(async (query, limit) => {
    asked.push([query, limit]);
    return [
      { path: 'src/retry.ts', from: 3, to: 9, name: 'waitBeforeRetry', by: ['words'] },
      { path: 'a.ts', from: 1, to: 1, name: null, by: ['meaning'] },
    ];
  });
  await using at = await openWorkbench({ 'a.ts': 'one\n' }, { also: [tool] });
  const { events } = await at.run(scripted([call, edit, call, finish]), { instruction: 'Look' });
  const told = events.flatMap((event) => (event.type === 'result' ? [event.data.text] : []));
  assert.deepEqual(told, [
    'src/retry.ts:3-9 waitBeforeRetry\na.ts:1-1',
    'edited a.ts',
    'src/retry.ts:3-9 waitBeforeRetry\na.ts:1-1 (before your edits)',
  ]);
  assert.deepEqual(asked[0], ['wait between retries', 8]);
});

test('nothing found is a result, not an error', async () => {
  await using at = await openWorkbench({}, { also: [createSearchCode(async () => [])] });
  const { events } = await at.run(scripted([call, finish]), { instruction: 'Look' });
  assert.deepEqual(
    events.flatMap((event) => (event.type === 'result' ? [[event.data.ok, event.data.text]] : [])),
    [[true, 'nothing found']],
  );
});
