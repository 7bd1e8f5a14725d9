import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Pull } from '../../protocol/index.ts';
import { writeRandomModel } from '../support/gguf/randomModel.ts';
import { jsonLines, ownWorkspace } from './command.ts';

describe('ospain2 model pull', { timeout: 600_000 }, () => {
  const { cwd, cli } = ownWorkspace();
  const server = createServer((request, response) => {
    if (request.url === '/coder.gguf') response.end(readFileSync(join(cwd, 'coder.gguf')));
    else response.writeHead(404).end();
  });
  let address = '';
  before(async () => {
    writeRandomModel(join(cwd, 'coder.gguf'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  it('says that nothing left the machine as long as nothing did', async () => {
    assert.equal((await cli(['egress'])).out, 'Nothing ever left this machine.\n');
    assert.match((await cli(['model', 'pulls'])).out, /^Nothing was pulled yet/);
  });

  it('fetches a model, and writes down where it came from', async () => {
    const pulled = await cli(['model', 'pull', `${address}/coder.gguf`, '--name', 'coder', '--alias', 'fill']);
    assert.deepEqual([pulled.code, pulled.out], [0, 'coder@1.0.0 is there.\n'], pulled.err);
    assert.match((await cli(['model', 'list'])).out, /^coder +1\.0\.0 .* fill$/m);
    assert.match((await cli(['model', 'pulls'])).out, /^[0-9a-f]{8} +done +100 % of .*coder\.gguf +coder@1\.0\.0$/m);
    const egress = (await cli(['egress'])).out;
    assert.match(egress, /^when +to +received +sent +why\n/);
    assert.match(egress, /127\.0\.0\.1:\d+ .*coder/);
    const { pull } = jsonLines((await cli(['--json', 'model', 'pulls'])).out)[0] ?? {};
    assert.deepEqual([Pull.parse(pull).state, Pull.parse(pull).model], ['done', 'coder@1.0.0']);
  });

  it('says what went wrong, and the pull can be given up', async () => {
    const pulled = await cli(['model', 'pull', `${address}/missing.gguf`]);
    assert.equal(pulled.out, '');
    assert.notEqual(pulled.code, 0);
    assert.match(pulled.err, /missing\.gguf/);
    assert.match((await cli(['model', 'pulls'])).out, /failed .*missing\.gguf/);
    assert.match((await cli(['model', 'cancel', `${address}/missing.gguf`])).out, /is given up/);
  });

  const misuses: [args: string[], exit: number, reason: RegExp][] = [
    [['pull', 'hf:nothing'], 64, /hf:/],
    [['pull', 'http://example.com/model.gguf'], 64, /http/],
    [['resume', 'nothing'], 3, /no pull "nothing"/],
  ];
  for (const [args, exit, reason] of misuses)
    it(`${args.join(' ')} ends with ${exit}`, async () => {
      const ran = await cli(['model', ...args]);
      assert.match(ran.err, reason);
      assert.deepEqual([ran.code, ran.out], [exit, '']);
    });
});
