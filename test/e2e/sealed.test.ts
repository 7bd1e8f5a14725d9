import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { dataFolder } from '../../server/storage/dataFolder.ts';
import { openMemoryFile } from '../../server/storage/memoryFile.ts';
import { writeRandomModel } from '../support/gguf/randomModel.ts';
import { ROOMS_TASK, writeRooms, writeRoomsAgent } from '../support/roomsAgent.ts';
import { ended, startServer, testEnv } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

/** Every file below a folder, with its bytes. */
function filesOf(folder: string): Array<{ path: string; bytes: Buffer }> {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, bytes: readFileSync(path) }));
}

/** Files in memory that have a name; a state must not be one of them. */
const inMemory = () => (existsSync('/dev/shm') ? filesOf('/dev/shm') : []);

/** A text as llama.cpp writes it: a number of four bytes for each token, which here is a letter. */
const asTokens = (text: string) => Buffer.from(Int32Array.from(Buffer.from(text)).buffer);

test('no file of the data folder or the temporary folder holds task text, file content, a prompt or the name of a model', async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  using temp = tempFolder('tmp');
  const secret = 'KOLIBRI_MAX';
  writeFileSync(join(workspace.path, 'src/kolibri.ts'), `export const ${secret} = 3;\n`);
  const name = 'sperber';
  using elsewhere = tempFolder('elsewhere');
  const model = join(elsewhere.path, `${name}.gguf`);
  writeRandomModel(model);
  const needles = [
    secret,
    name,
    'habicht',
    'kolibri',
    'read_file',
    'SEARCH',
    'ospain2 tiny',
    'CREATE TABLE',
    'SQLite format 3',
  ];
  const holdsNothing = (when: string) => {
    const files = [...filesOf(data.path), ...filesOf(temp.path)];
    assert.ok(
      files.some(({ path }) => path.endsWith('.db')),
      'the database is there',
    );
    for (const { path, bytes } of files)
      for (const needle of needles)
        for (const encoding of ['utf8', 'utf16le'] as const)
          assert.equal(bytes.includes(Buffer.from(needle, encoding)), false, `${when}: ${path} holds ${needle}`);
  };

  await using server = await startServer({ workspace: workspace.path, data: data.path, env: { TMPDIR: temp.path } });
  const { client } = server;
  await client.request('model/import', { path: model, alias: 'habicht', source: `of ${name}` });
  const { task } = await client.request('task/submit', { instruction: `Set ${secret} to 5 in src/kolibri.ts.` });
  const end = await ended(client, task.id);
  assert.ok(end.lastSeq > 4, 'the task left events behind');
  holdsNothing('while the server runs');
  await server.stop();
  holdsNothing('after it stopped');
  assert.ok(
    readFileSync(join(workspace.path, 'src/kolibri.ts')).includes(secret),
    'the scan finds what is in plain text',
  );
});

test('what a parked conversation has evaluated is nowhere in plain, also after its server was killed', async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  using temp = tempFolder('tmp');
  using elsewhere = tempFolder('elsewhere');
  const model = join(elsewhere.path, 'rooms.gguf');
  writeRoomsAgent(model);
  writeRooms(workspace.path);
  const secret = 'KOLIBRI_PARKED';
  const needles = [secret, 'src/rooms.ts', 'FLOOR_0'].flatMap((text) => [Buffer.from(text), asTokens(text)]);
  const holdsNothing = (when: string) => {
    for (const { path, bytes } of [...filesOf(data.path), ...filesOf(temp.path), ...inMemory()])
      for (const needle of needles) assert.equal(bytes.includes(needle), false, `${when}: ${path}`);
  };
  const options = { workspace: workspace.path, data: data.path, settings: { models: [model] } };
  const parked = () => filesOf(dataFolder(workspace.path, testEnv(data.path)).parked).length;
  let server = await startServer({ ...options, env: { TMPDIR: temp.path } });
  try {
    const id = crypto.randomUUID();
    const turned = Promise.withResolvers<void>();
    const paused = Promise.withResolvers<void>();
    server.client.on('task/didEvent', ({ event }) => event.type === 'turn' && turned.resolve());
    server.client.on('task/didChange', ({ task }) => task.status === 'paused' && paused.resolve());
    await server.client.request('task/submit', { id, instruction: `${ROOMS_TASK.instruction}, not ${secret}` });
    await Promise.race([turned.promise, ended(server.client, id)]);
    await server.client.request('task/pause', { taskId: id });
    await paused.promise;
    holdsNothing('while it is parked');
    // The model leaves when what it has evaluated is kept.
    await server.client.request('model/unload', { model: 'default' });
    assert.equal(parked(), openMemoryFile() === null ? 0 : 1);
    holdsNothing('when it is parked');
    await server.kill();
    holdsNothing('after its server was killed');
    server = await startServer({ ...options, env: { TMPDIR: temp.path } });
    await server.client.request('task/resume', { taskId: id });
    assert.equal((await ended(server.client, id)).status, 'done');
    assert.equal(parked(), 0);
    holdsNothing('when it was used');
  } finally {
    await server[Symbol.asyncDispose]();
  }
});
