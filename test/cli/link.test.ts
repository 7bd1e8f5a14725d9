import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createLink } from '../../cli/link.ts';
import { createSocketCarrier } from '../../cli/socketCarrier.ts';
import { createClient, Task, TaskEvent } from '../../protocol/index.ts';
import { SERVER_PROGRAM, serverFolders } from '../contract/app.ts';
import { writeLongTalker } from '../support/longTalker.ts';
import { tempFolder } from '../support/temp.ts';
import { jsonLines, type Ran, type RunOptions, runCli } from './command.ts';

const folders = serverFolders();
after(() => folders[Symbol.dispose]());

const cli = (args: string[], options: Partial<RunOptions> = {}): Promise<Ran> =>
  runCli(args, { cwd: folders.workspace, env: folders.env, ...options });

/** Does something once, when the program has printed this. */
function onceSaid(
  what: string,
  act: (kill: (signal: NodeJS.Signals) => void) => void,
): NonNullable<RunOptions['onOutput']> {
  let acted = false;
  return (text, kill) => {
    if (acted || !text.includes(what)) return;
    acted = true;
    act(kill);
  };
}

/** So much to do that a task submitted next, and the last one of these, wait for a while. */
async function occupy(socket: string): Promise<AsyncDisposable & { last: string }> {
  const client = createClient(createSocketCarrier(socket));
  const submit = async () => (await client.request('task/submit', { kind: 'ask', instruction: 'Talk.' })).task;
  const tasks = await Promise.all(Array.from({ length: 60 }, submit));
  return {
    last: String(Math.max(...tasks.map(({ number }) => number))),
    async [Symbol.asyncDispose]() {
      // Those that have ended refuse.
      for (const { id } of tasks) await client.request('task/cancel', { taskId: id }).catch(() => {});
    },
  };
}

const lastTask = ({ out }: Ran): Task => Task.parse(jsonLines(out).at(-1)?.['task']);
const ASK = ['--json', 'task', 'new', '--kind', 'ask', 'Talk.'];

it('looks again when the server of another command went as it was found', async () => {
  using folder = tempFolder('link');
  // Says twice that a server is there which is not, as one that has just ended; then starts the real one.
  const program = join(folder.path, 'server.mjs');
  const gone = join(folder.path, 'gone.sock');
  writeFileSync(
    program,
    `import { readdirSync, writeFileSync } from 'node:fs';
const turn = readdirSync(${JSON.stringify(folder.path)}).length;
writeFileSync(${JSON.stringify(folder.path)} + '/turn' + turn, '');
if (turn <= 2) console.log(JSON.stringify({ socket: ${JSON.stringify(gone)}, attached: true }));
else await import(${JSON.stringify(pathToFileURL(SERVER_PROGRAM).href)});
`,
  );
  const link = createLink({ program, workspace: folders.workspace, env: { ...process.env, ...folders.env } });
  try {
    const { client, attached } = await link.open();
    assert.equal(attached, false);
    assert.ok((await client.request('server/status', {})).pid > 0);
  } finally {
    await link.close();
  }
});

describe('the command line beside a server that was there', { timeout: 300_000 }, () => {
  let server: ChildProcess;
  let exited: Promise<unknown>;
  let socket: string;
  before(async () => {
    const model = writeLongTalker(join(folders.workspace, 'talker.gguf'));
    const settings = JSON.stringify({ models: [model], leaseMs: 1000, threads: 1 });
    const args = [SERVER_PROGRAM, '--headless', '--workspace', folders.workspace, '--settings', settings];
    server = spawn(process.execPath, args, { env: folders.env, stdio: ['pipe', 'pipe', 'inherit'] });
    exited = once(server, 'exit');
    assert.ok(server.stdout);
    const [line] = await once(server.stdout, 'data');
    socket = (JSON.parse(String(line)) as { socket: string }).socket;
  });
  after(async () => {
    server.kill('SIGKILL');
    await exited;
  });

  it('attaches to it', async () => {
    assert.match((await cli(['status'])).out, new RegExp(`process ${server.pid} on Node .*, since \\d+ s`));
  });

  it('cancels its task on Ctrl+C and waits for the end', async () => {
    await using _busy = await occupy(socket);
    const ran = await cli(ASK, { onOutput: onceSaid('"submitted"', (kill) => kill('SIGINT')) });
    assert.deepEqual([ran.code, lastTask(ran).status], [130, 'cancelled']);
  });

  it('leaves a watched task alone on Ctrl+C', async () => {
    await using busy = await occupy(socket);
    const ran = await cli(['--json', 'task', 'watch', busy.last], {
      onOutput: onceSaid('"submitted"', (kill) => kill('SIGINT')),
    });
    assert.equal(ran.code, 130);
    const [shown] = jsonLines((await cli(['--json', 'task', 'show', busy.last])).out);
    assert.equal(Task.parse(shown?.['task']).status, 'pending');
    assert.deepEqual(await cli(['task', 'cancel', busy.last]), {
      code: 0,
      out: `Task ${busy.last} is cancelled.\n`,
      err: '',
    });
  });

  it('goes on with a server of its own when that one is killed', async () => {
    const ran = await cli(ASK, { onOutput: onceSaid('"type":"text"', () => server.kill('SIGKILL')) });
    const lines = jsonLines(ran.out);
    const seqs = lines.filter((line) => 'event' in line).map(({ event }) => TaskEvent.parse(event).seq);
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => index + 1),
    );
    const task = lastTask(ran);
    assert.equal(task.lastSeq, seqs.length);
    assert.equal(ran.code, task.status === 'done' ? 0 : 1, ran.err);
  });
});
