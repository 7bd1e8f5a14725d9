import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { pull } from '../../../../server/models/download/pull.ts';
import { startApiServer } from '../../../support/apiServer.ts';
import { writeRandomModel } from '../../../support/gguf/randomModel.ts';
import { tempFolder } from '../../../support/temp.ts';
import { egressBench } from '../../egress/workbench.ts';

it('a version is pulled from the registry that another server serves', { timeout: 60_000 }, async () => {
  using temp = tempFolder('registry');
  const path = join(temp.path, 'tiny.gguf');
  writeRandomModel(path, { width: 256, layers: 2 });
  await using server = await startApiServer();
  const licence = 'Apache-2.0';
  await server.client.request('model/import', { path, name: 'tiny', alias: 'quick', version: '1.2.0', licence });
  using into = tempFolder('pull');
  const { egress, made } = egressBench();
  const host = new URL(server.api.url).host;
  const base = { into: into.path, egress, endpoint: new URL('https://huggingface.co') };
  for (const version of ['1.2.0', 'latest', 'quick']) {
    const source = `ospain2://${host}/tiny@${version}`;
    await assert.rejects(pull({ ...base, source, registryToken: 'wrong' }), { code: 'fetch_denied' });
    const { files, ...model } = await pull({ ...base, source, registryToken: server.token });
    assert.deepEqual(model, { name: 'tiny', version: '1.2.0', licence });
    assert.ok(readFileSync(files[0]?.path ?? '').equals(readFileSync(path)));
  }
  assert.ok(made.every((connection) => `${connection.host}:${connection.port}` === host));
  const none = pull({ ...base, source: `ospain2://${host}/tiny@9.9.9`, registryToken: server.token });
  await assert.rejects(none, { code: 'not_found' });
});
