import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { NotFoundError } from 'openai';
import { startApiServer } from '../../../../support/apiServer.ts';
import { writeRandomModel } from '../../../../support/gguf/randomModel.ts';
import { tempFolder } from '../../../../support/temp.ts';

describe('models with the client of OpenAI', { timeout: 60_000 }, () => {
  it('are listed by name and alias, and shown by each of their names', async () => {
    using folder = tempFolder('models');
    const model = join(folder.path, 'mine.gguf');
    writeRandomModel(model);
    await using server = await startApiServer([model]);
    const { models } = await server.client.request('model/list', {});
    const mine = models.find(({ name }) => name === 'mine');
    const listed = [];
    for await (const { id, object } of server.openai.models.list()) listed.push([id, object]);
    assert.deepEqual(listed.sort(), [
      ['canary', 'model'],
      ['default', 'model'],
      ['mine', 'model'],
    ]);
    for (const id of ['mine', 'default', `mine@${mine?.version}`]) {
      const shown = await server.openai.models.retrieve(id);
      assert.deepEqual([shown.id, shown.owned_by], [id, 'user']);
      assert.equal(shown.created, Math.floor((mine?.createdAt ?? 0) / 1000));
    }
    for (const id of ['nobody', 'mine@9.9.9', '../mine'])
      await assert.rejects(server.openai.models.retrieve(id), NotFoundError, id);
  });
});
