import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError, type Task } from '../../../protocol/index.ts';
import { createAdmission } from '../../../server/inference/admission.ts';
import type { RoomFor } from '../../../server/inference/memory.ts';
import type { StoredModel } from '../../../server/models/registry.ts';

const GB = 1e9;
const task = (model: string) => ({ model }) as Task;

/** Models a to d, of which `default` is a; what the pool says of room is the test's. */
function open(room: RoomFor) {
  const state = { room, asked: [] as string[], obstacle: null as string | null };
  const admit = createAdmission({
    registry: {
      resolve(name) {
        if (!'abcd'.includes(name) && name !== 'default') throw new OspainError('model_missing', 'x');
        return { name: name === 'default' ? 'a' : name, version: '1.0.0' } as StoredModel;
      },
    },
    pool: {
      obstacle: () => state.obstacle,
      roomFor(model, expected) {
        state.asked.push([model, ...expected].join(' '));
        return state.room;
      },
    },
  });
  return { state, admit };
}

test('a model that does not fit waits, and says what it needs', () => {
  const need = 5.4 * GB;
  const { state, admit } = open({ fits: false, need, free: 3.2 * GB });
  assert.equal(admit(task('a'), []), 'waits for memory: needs 5.4 GB, 3.2 free');
  state.room = { fits: false, need, free: 3.4 * GB };
  assert.equal(admit(task('a'), []), 'waits for memory: needs 5.4 GB, 3.2 free', 'small changes are not news');
  state.room = { fits: false, need, free: 4.4 * GB };
  assert.equal(admit(task('a'), []), 'waits for memory: needs 5.4 GB, 4.4 free');
  state.room = { fits: true, conversations: 1 };
  assert.equal(admit(task('a'), []), null);
  state.room = { fits: false, need, free: 4.3 * GB };
  assert.equal(admit(task('a'), []), 'waits for memory: needs 5.4 GB, 4.3 free', 'it is news again');
});

test('tasks of one model work side by side, and leave one conversation to the person', () => {
  const { state, admit } = open({ fits: true, conversations: 3 });
  assert.equal(admit(task('a'), []), null);
  assert.equal(admit(task('default'), [task('a')]), null);
  assert.equal(admit(task('a'), [task('a'), task('default')]), 'waits for a free conversation with a');
  assert.equal(admit(task('b'), [task('a'), task('a')]), null, 'another model has its own');
  state.room = { fits: true, conversations: 1 };
  assert.equal(admit(task('a'), []), null, 'one always may');
  assert.equal(admit(task('a'), [task('a')]), 'waits for a free conversation with a');
});

test('tasks keep two models at work, not three', () => {
  const { admit } = open({ fits: true, conversations: 9 });
  assert.equal(admit(task('c'), [task('a'), task('b'), task('a')]), 'waits while others work with a and b');
  assert.equal(admit(task('b'), [task('a'), task('b')]), null);
});

test('the models of running tasks are expected in memory', () => {
  const { state, admit } = open({ fits: true, conversations: 5 });
  admit(task('b'), [task('default'), task('gone')]);
  assert.deepEqual(state.asked, ['b default gone']);
});

test('that there is no such model is for the attempt to say', () => {
  assert.equal(open({ fits: false, need: 1, free: 0 }).admit(task('unknown'), []), null);
});
