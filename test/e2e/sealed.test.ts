import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeRandomModel } from '../support/gguf/randomModel.ts';
import { ended, startServer } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

/** Every file below a folder, with its bytes. */
function filesOf(folder: string): Array<{ path: string; bytes: Buffer }> {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, bytes: readFileSync(path) }));
}

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
