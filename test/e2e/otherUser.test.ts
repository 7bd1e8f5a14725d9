import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createSocketCarrier } from '../../cli/socketCarrier.ts';
import { type Client, createClient } from '../../protocol/index.ts';
import { inRepository } from '../../scripts/paths.ts';
import { processTree } from '../../server/commands/processTree.ts';
import { SERVER_PROGRAM } from '../contract/app.ts';
import { writeRandomModel } from '../support/gguf/randomModel.ts';
import { ended } from '../support/server.ts';

/** A user that owns nothing; `nobody` everywhere. */
const OTHER = 65_534;
const SECRET = 'KOLIBRI_MAX';
const MODEL = 'sperber';
const isRoot = process.getuid?.() === 0;

interface Attack {
  let: string[];
  read: { what: string; text: string }[];
  answers: { ask: string; status: number }[];
}

describe('another user of the machine', {
  timeout: 120_000,
  skip:
    process.platform !== 'linux'
      ? 'users are told apart by /proc here'
      : !isRoot && 'only the administrator can become somebody else',
}, () => {
  test('reads no byte of the data, no token and nothing secret of the processes, and reaches no socket', async () => {
    // Open to all, so that what refuses is what the product itself made.
    const base = mkdtempSync('/tmp/ospain2-other-');
    chmodSync(base, 0o755);
    try {
      await using server = await serve(base);
      const { client, data, temp } = server;
      await client.request('model/import', { path: writeModel(base), alias: 'habicht', source: 'elsewhere' });
      const { api } = await client.request('api/start', { port: 0 });
      const { url } = await client.request('hub/open', {});
      assert.equal((await fetch(url, { redirect: 'manual' })).status, 303);
      const { task } = await client.request('task/submit', { instruction: `Set ${SECRET} to 5 in src/kolibri.ts.` });
      await client.request('note/save', { path: 'kolibri.md', text: SECRET, base: null });
      await ended(client, task.id);
      const token = readFileSync(api.tokenFile, 'utf8').trim();
      const { paths } = (await (await ask(api.url, '/openapi.json', token)).json()) as {
        paths: Record<string, object>;
      };

      const [files, folders, sockets] = [
        below(data, temp, 'file'),
        below(data, temp, 'folder'),
        below(data, temp, 'socket'),
      ];
      assert.ok(files.some((file) => file.endsWith('.db')) && files.includes(api.tokenFile) && sockets.length > 0);
      const pids = [server.pid, ...processTree(server.pid)];
      assert.ok(pids.length > 1, 'a worker is there');
      const asks = Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => ({
          method: method.toUpperCase(),
          path: path.replaceAll(/\{\w+\}/g, 'x'),
          headers: {},
        })),
      );
      for (const headers of [
        { authorization: `Bearer ${'x'.repeat(43)}` },
        { cookie: 'ospain2=x' },
        { 'x-ospain2-proof': 'x'.repeat(43) },
      ])
        asks.push(...['/v1/models', '/tasks', '/hub/line', '/mcp'].map((path) => ({ method: 'GET', path, headers })));
      const attack = run(base, { files, folders, sockets, pids: [...new Set(pids)], port: api.port, asks });

      assert.deepEqual(attack.let, []);
      for (const { what, text } of attack.read)
        for (const needle of [SECRET, MODEL, 'habicht', 'kolibri', token])
          assert.ok(!text.includes(needle), `${what} holds ${needle}`);
      const answered = attack.answers.filter(({ status }) => ![401, 403, 404, 426].includes(status));
      assert.deepEqual(
        [...new Set(answered.map(({ ask, status }) => `${status} ${ask}`))].toSorted(),
        OPEN,
        'what the API answers to anybody',
      );
      // Each by itself, since the folder around them may be copied or opened up by a person.
      const open = [...files, ...folders].filter((path) => (lstatSync(path).mode & 0o077) !== 0);
      assert.deepEqual(open, []);
      // Those tries are tries: what is open to all is found.
      assert.notDeepEqual(
        run(base, { files: [join(base, 'node')], folders: [temp], sockets: [], pids: [], port: 0, asks: [] }).let,
        [],
      );
    } finally {
      rmSync(base, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});

/** Says that the API is there: nothing of the person's. */
const OPEN = ['200 GET /health'];

const ask = (url: string, path: string, token: string): Promise<Response> =>
  fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });

function writeModel(base: string): string {
  const path = join(base, `${MODEL}.gguf`);
  writeRandomModel(path);
  chmodSync(path, 0o600);
  return path;
}

interface Serving extends AsyncDisposable {
  client: Client;
  pid: number;
  data: string;
  temp: string;
}

/** The server program, started by a person whose files are open to everybody unless the program says otherwise. */
async function serve(base: string): Promise<Serving> {
  const [workspace, data, temp] = ['workspace', 'data', 'tmp'].map((name) => join(base, name)) as [
    string,
    string,
    string,
  ];
  cpSync(inRepository('media/sample'), workspace, { recursive: true });
  mkdirSync(temp);
  chmodSync(temp, 0o1777);
  const { XDG_RUNTIME_DIR: _, ...inherited } = process.env;
  const env = { ...inherited, OSPAIN2_DATA_DIR: data, OSPAIN2_KEY_STORE: 'file', TMPDIR: temp, HOME: base };
  const program = [
    process.execPath,
    SERVER_PROGRAM,
    '--headless',
    '--workspace',
    workspace,
    '--settings',
    '{"threads":1}',
  ];
  const child: ChildProcess = spawn('sh', ['-c', 'umask 000; exec "$@"', 'sh', ...program], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  assert.ok(child.stdout && child.pid);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const carrier = createSocketCarrier((JSON.parse(line) as { socket: string }).socket);
  await carrier.subscribed();
  const client = createClient(carrier);
  return {
    ...{ client, pid: child.pid, data, temp },
    async [Symbol.asyncDispose]() {
      await client.close();
      child.stdin?.end();
      await exited;
    },
  };
}

/** Everything of a sort below two folders, and the first of them itself: the second belongs to all. */
function below(data: string, temp: string, what: 'file' | 'folder' | 'socket'): string[] {
  const all = [
    data,
    ...[data, temp].flatMap((folder) =>
      readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))),
    ),
  ];
  return all.filter((path) => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return what === 'file' ? stats?.isFile() : what === 'folder' ? stats?.isDirectory() : stats?.isSocket();
  });
}

/** The tries, as the other user. Program and Node are put where that one can read them: the repository may lie in somebody's home. */
function run(base: string, what: object): Attack {
  const [node, program] = [join(base, 'node'), join(base, 'attack.mjs')];
  copyFileSync(process.execPath, node);
  copyFileSync(fileURLToPath(new URL('otherUser/attack.mjs', import.meta.url)), program);
  for (const path of [node, program]) chmodSync(path, 0o755);
  const become = [`--reuid=${OTHER}`, `--regid=${OTHER}`, '--clear-groups'];
  const said = execFileSync('setpriv', [...become, node, program], {
    ...{ input: JSON.stringify(what), cwd: '/', env: { PATH: '/usr/bin:/bin' }, maxBuffer: 2 ** 26 },
  });
  return JSON.parse(said.toString()) as Attack;
}
