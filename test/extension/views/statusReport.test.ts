import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderStatus } from '../../../extension/views/statusReport.ts';
import type { ServerStatus } from '../../../protocol/server.ts';

const status: ServerStatus = {
  version: '0.1.0',
  protocol: 1,
  pid: 42,
  node: 'v24.0.0',
  workspace: '/w',
  trust: 'trusted',
  dataFolder: '/d',
  keyStore: 'file',
  cipher: 'aegis',
  socket: null,
  workerRuntime: 'process',
  tasks: { done: 2, running: 1, failed: 0 },
  workers: [
    {
      pid: 43,
      container: null,
      model: 'canary',
      version: '1.0.0',
      state: 'busy',
      conversations: { used: 2, all: 5 },
      waiting: 1,
      memoryBytes: 131_000_000,
      threads: 4,
      gpu: 'metal',
      decodeRate: 41.26,
    },
  ],
  warnings: ['The key is in a file.'],
  startedAt: 7,
};

test('a running server tells its warnings first', () => {
  const text = renderStatus({ name: 'running' }, status, (at) => `at ${at}`);
  assert.match(
    text,
    /^# OSPAiN2\n\nThe server is running\.\n\n## Warnings\n\n- The key is in a file\.\n\n## Facts\n\n- Version: 0\.1\.0/,
  );
  assert.match(text, /- Process: 42, since at 7\n/);
  assert.match(text, /- Database: encrypted \(aegis\), key in a file\n/);
  assert.match(text, /- Command line: through another window's server\n/);
  assert.match(text, /- Tasks: 2 done, 1 running\n/);
  assert.match(
    text,
    /- Workers: 1 worker\n {2}- canary 1\.0\.0: busy, 2 of 5 conversations, 1 waiting, 131 MB, with metal, 41\.3 tokens\/s \(process 43\)\n/,
  );
});

test('of a worker it tells what is known', () => {
  const [worker] = status.workers;
  assert.ok(worker);
  const young = {
    ...worker,
    conversations: { used: 0, all: 1 },
    waiting: 0,
    memoryBytes: null,
    gpu: null,
    decodeRate: null,
  };
  const text = renderStatus({ name: 'running' }, { ...status, workers: [young] }, String);
  assert.match(text, /canary 1\.0\.0: busy, 0 of 1 conversation \(process 43\)\n/);
});

test('a server that cannot work says why, once', () => {
  const problem = { code: 'key_wrong', message: 'The key does not fit.', hint: 'Restore it.' };
  const text = renderStatus({ name: 'failed', problem }, problem, String);
  assert.equal(
    text,
    '# OSPAiN2\n\nThe server cannot work: The key does not fit. Restore it.\n\nError code: `key_wrong`\n',
  );
});

test('without a folder it says what to do', () => {
  const text = renderStatus(
    { name: 'off' },
    { code: 'no_folder', message: 'None is open.', hint: 'Open one.' },
    String,
  );
  assert.equal(text, '# OSPAiN2\n\nThe server is not started.\n\nNone is open. Open one.\n');
});
