import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, test } from 'node:test';
import { Connection, type ConnectionState } from '../../extension/connection.ts';
import { Unready } from '../../extension/problem.ts';
import type { Carrier } from '../../protocol/client.ts';
import { OspainError } from '../../protocol/errors.ts';
import type { Notification } from '../../protocol/methods.ts';

/** A server as the connection sees it. */
interface Life {
  readonly carrier: Carrier;
  closed: boolean;
  die(): void;
  say(message: string): void;
}

let connections: Connection[] = [];
afterEach(async () => {
  for (const connection of connections) await connection.dispose();
  connections = [];
});

/** A connection whose launches the test decides; `plan` is asked once a launch, and throws to let it fail. */
function setUp(
  plan: (launch: number, signal: AbortSignal) => void | Promise<void> = () => {},
  check = () => {},
  holdWaits = false,
) {
  const lives: Life[] = [];
  const states: string[] = [];
  const waits: number[] = [];
  let launches = 0;
  const connection = new Connection({
    check,
    now: () => 0,
    delay: async (ms, signal) => {
      waits.push(ms);
      if (holdWaits) await once(signal, 'abort');
    },
    async launch(onClosed, signal) {
      launches += 1;
      await plan(launches, signal);
      const life = createLife(lives.length + 1, onClosed);
      lives.push(life);
      return life.carrier;
    },
  });
  connections.push(connection);
  connection.onDidChangeState(({ name }) => states.push(name));
  return { connection, lives, states, waits, launches: () => launches };
}

function createLife(number: number, onClosed: () => void): Life {
  const listeners = new Set<(notification: Notification) => void>();
  const life: Life = {
    closed: false,
    die: onClosed,
    say: (message) => {
      for (const listener of listeners) listener({ method: 'server/didLog', params: { level: 'info', message } });
    },
    carrier: {
      request: async () => number,
      onNotification(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      async close() {
        life.closed = true;
      },
    },
  };
  return life;
}

const reached = (connection: Connection, name: ConnectionState['name']): Promise<void> =>
  new Promise((resolve) => {
    const listening = connection.onDidChangeState((state) => {
      if (state.name !== name) return;
      listening.dispose();
      resolve();
    });
  });

const ask = async (connection: Connection): Promise<unknown> =>
  (await connection.connect()).request('server/status', {});

test('who connects when the state changes finds the start that is under way', async () => {
  const { connection, launches } = setUp();
  connection.onDidChangeState(() => void connection.connect());
  await connection.connect();
  assert.equal(launches(), 1);
});

test('nothing starts before it is needed, and one server serves all', async () => {
  const { connection, launches } = setUp();
  assert.equal(connection.state.name, 'off');
  assert.equal(launches(), 0);
  assert.deepEqual(await Promise.all([ask(connection), ask(connection)]), [1, 1]);
  assert.equal(launches(), 1);
  assert.equal(connection.state.name, 'running');
});

test('a listener that asks at each change of state starts no server of its own', async () => {
  const { connection, lives, launches } = setUp();
  const answers: Promise<unknown>[] = [];
  connection.onDidChangeState(() => answers.push(ask(connection).catch(() => 'none')));
  await connection.connect();
  assert.equal(launches(), 1);
  const back = reached(connection, 'running');
  lives[0]?.die();
  await back;
  assert.equal(launches(), 2);
  await connection.restart();
  assert.equal(launches(), 3);
  // Starting and running, twice of it after a wait or the word `off`.
  assert.deepEqual(await Promise.all(answers), [1, 1, 2, 2, 2, 3, 3, 3]);
});

test('a restart waits for the server before to end, and so does another', async () => {
  let release = () => {};
  const { connection, lives, launches } = setUp();
  await connection.connect();
  const [first] = lives;
  assert.ok(first);
  first.carrier.close = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  const restarted = connection.restart();
  const again = connection.restart();
  const asked = ask(connection);
  // Whatever would start without waiting has started after this.
  await new Promise(setImmediate);
  assert.deepEqual([connection.state.name, launches()], ['off', 1]);
  release();
  await Promise.all([restarted, again]);
  assert.equal(await asked, 2);
  assert.equal(launches(), 2);
});

test('without a folder nothing is launched, and it works once there is one', async () => {
  let folder = false;
  const check = () => {
    if (!folder) throw new Unready('no_folder', 'None.', 'Open one.');
  };
  const { connection, launches } = setUp(undefined, check);
  await assert.rejects(connection.connect(), { code: 'no_folder' });
  assert.deepEqual([launches(), connection.state.name], [0, 'off']);
  folder = true;
  assert.equal(await ask(connection), 1);
});

test('a server that cannot start says why, and only a restart tries again', async () => {
  const { connection, launches } = setUp((launch) => {
    if (launch === 1) throw new OspainError('key_wrong', 'The key does not fit.', { hint: 'Restore it.' });
  });
  await assert.rejects(connection.connect(), { message: 'The key does not fit.', hint: 'Restore it.' });
  const { state } = connection;
  assert.equal(state.name === 'failed' && state.problem.code, 'key_wrong');
  await assert.rejects(connection.connect(), { message: 'The key does not fit.' });
  assert.equal(launches(), 1);
  await connection.restart();
  assert.equal(await ask(connection), 1);
  assert.equal(launches(), 2);
});

test('a server that ends by itself is started again, and listeners stay', async () => {
  const { connection, lives, states } = setUp();
  const heard: string[] = [];
  connection.on('server/didLog', ({ message }) => heard.push(message));
  await connection.connect();
  lives[0]?.say('first');
  const back = reached(connection, 'running');
  lives[0]?.die();
  await back;
  lives[0]?.say('from the grave');
  lives[1]?.say('second');
  assert.deepEqual(heard, ['first', 'second']);
  assert.equal(await ask(connection), 2);
  assert.deepEqual(states, ['starting', 'running', 'waiting', 'starting', 'running']);
});

test('who asks while it starts again gets the new one', async () => {
  const { connection, lives } = setUp();
  await connection.connect();
  lives[0]?.die();
  assert.equal(await ask(connection), 2);
});

test('a restart during the wait takes over from it', async () => {
  const { connection, lives, launches } = setUp(undefined, undefined, true);
  await connection.connect();
  const waiting = reached(connection, 'waiting');
  lives[0]?.die();
  await waiting;
  await connection.restart();
  assert.equal(await ask(connection), 2);
  assert.equal(launches(), 2);
});

test('a restart ends the server that runs; its end is not taken for a crash', async () => {
  const { connection, lives } = setUp();
  await connection.connect();
  await connection.restart();
  assert.equal(lives[0]?.closed, true);
  lives[0]?.die();
  assert.equal(connection.state.name, 'running');
  assert.equal(await ask(connection), 2);
});

test('a server that comes up after dispose is ended', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { connection, lives } = setUp(() => held);
  const starting = reached(connection, 'starting');
  const asked = connection.connect();
  await starting;
  const disposed = connection.dispose();
  release();
  await disposed;
  await assert.rejects(asked);
  assert.equal(lives[0]?.closed, true);
  await assert.rejects(connection.connect());
});

test('a restart while a server starts calls that off, and waits until it is gone', async () => {
  let gone = () => {};
  const { connection, launches } = setUp(async (launch, signal) => {
    if (launch > 1) return;
    if (!signal.aborted) await once(signal, 'abort');
    await new Promise<void>((resolve) => {
      gone = resolve;
    });
    throw new OspainError('cancelled', 'Called off.');
  });
  const starting = reached(connection, 'starting');
  const asked = connection.connect();
  await starting;
  const restarted = connection.restart();
  // Whatever would start without waiting has started after this.
  await new Promise(setImmediate);
  assert.deepEqual([connection.state.name, launches()], ['off', 1]);
  gone();
  await restarted;
  assert.equal(await (await asked).request('server/status', {}), 1, 'who asked the first one has the second');
  assert.deepEqual([connection.state.name, launches()], ['running', 2]);
});

test('a start that was only asked for before dispose never happens', async () => {
  const { connection, launches } = setUp();
  const asked = connection.connect();
  await connection.dispose();
  await assert.rejects(asked);
  assert.equal(launches(), 0);
});

test('a server that keeps ending is given up, with the reason', async () => {
  const { connection, lives, launches, waits } = setUp((launch) => {
    if (launch > 1) throw new OspainError('storage_full', 'The disk is full.');
  });
  await connection.connect();
  const failed = reached(connection, 'failed');
  lives[0]?.die();
  await failed;
  assert.equal(launches(), 6);
  assert.deepEqual(waits, [250, 1000, 2000, 4000, 8000]);
  await assert.rejects(connection.connect(), { message: 'The disk is full.' });
});
