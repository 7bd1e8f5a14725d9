import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError, type Task } from '../../../protocol/index.ts';
import { createAdmission } from '../../../server/inference/admission.ts';
import type { WorkerStatus } from '../../../server/inference/pool.ts';
import { createLog } from '../../../server/log.ts';
import type { StoredModel } from '../../../server/models/registry.ts';

const GB = 1e9;
const files: Record<string, number> = { small: 0.5 * GB, large: 4 * GB };
const task = (model: string) => ({ model }) as Task;

function open(free: number) {
  const state = { free, workers: [] as WorkerStatus[], unloaded: [] as string[] };
  const admit = createAdmission({
    registry: {
      resolve(name) {
        const bytes = files[name];
        if (bytes === undefined) throw new OspainError('model_missing', 'x');
        return { name, bytes } as StoredModel;
      },
    },
    pool: {
      status: () => state.workers,
      unload: async (model) => {
        state.unloaded.push(model);
      },
    },
    log: createLog(() => {}),
    availableBytes: () => state.free,
  });
  return { state, admit };
}

test('a model that does not fit waits, and says what it needs', () => {
  const { state, admit } = open(3.2 * GB);
  assert.equal(admit(task('small'), []), null);
  assert.equal(admit(task('large'), []), 'waits for memory: needs 5.4 GB, 3.2 free');
  state.free = 3.4 * GB;
  assert.equal(admit(task('large'), []), 'waits for memory: needs 5.4 GB, 3.2 free', 'small changes are not news');
  state.free = 4.4 * GB;
  assert.equal(admit(task('large'), []), 'waits for memory: needs 5.4 GB, 4.4 free');
  state.free = 5.4 * GB;
  assert.equal(admit(task('large'), []), null);
});

test('a model that is loaded needs no more', () => {
  const { state, admit } = open(0);
  state.workers = [{ pid: 1, model: 'large', state: 'busy' }];
  assert.equal(admit(task('large'), []), null);
});

test('warm models that nobody uses make room', () => {
  const { state, admit } = open(1 * GB);
  state.workers = [{ pid: 1, model: 'small', state: 'idle' }];
  assert.match(admit(task('large'), [task('small')]) ?? '', /needs/);
  assert.deepEqual(state.unloaded, [], 'a task is between two turns with it');
  assert.equal(admit(task('large'), []), 'waits for memory: unloads small');
  assert.deepEqual(state.unloaded, ['small']);
});

test('that there is no such model is for the attempt to say', () => {
  assert.equal(open(0).admit(task('unknown'), []), null);
});
