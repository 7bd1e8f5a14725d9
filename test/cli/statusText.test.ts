import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { createScreen } from '../../cli/screen.ts';
import { statusText } from '../../cli/statusText.ts';
import type { ServerStatus } from '../../protocol/index.ts';

const worker: ServerStatus['workers'][number] = {
  ...{
    pid: 43,
    container: null,
    model: 'canary',
    version: '1.0.0',
    state: 'idle',
    waiting: 0,
    memoryBytes: 131_000_000,
  },
  ...{ conversations: { used: 0, all: 5 }, threads: 4, gpu: null, decodeRate: null },
};
const status: ServerStatus = {
  ...{
    version: '0.1.0',
    protocol: 1,
    pid: 42,
    node: 'v24.0.0',
    trust: 'trusted',
    workspace: '/w',
    dataFolder: '/d',
    keyStore: 'file',
  },
  ...{
    cipher: 'aegis',
    socket: null,
    workerRuntime: 'process',
    tasks: {},
    workers: [worker],
    warnings: [],
    startedAt: 0,
  },
};
const stdout = new PassThrough();
const screen = createScreen({ stdout, stderr: stdout, env: {}, json: false, colours: false });

test('a worker is told with what computes besides the processor, if there is something', () => {
  assert.match(statusText(status, true, 1000, screen), /canary idle, 0\/5 conversations, 131 MB \(process 43\)/);
  const onMetal = { ...status, workers: [{ ...worker, gpu: 'metal' }] };
  assert.match(statusText(onMetal, true, 1000, screen), /conversations, 131 MB, with metal \(process 43\)/);
});
