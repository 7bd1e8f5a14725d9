import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LIMITS } from '../../server/transports/api/limits.ts';
import { listen } from '../../server/transports/api/listen.ts';
import { createProgram } from '../../server/transports/api/program.ts';
import { createRoutes } from '../../server/transports/api/routeTable.ts';
import { createEndpoint } from '../../server/transports/mcp/endpoint.ts';
import { loopbackServer } from '../support/loopback.ts';
import { tempFolder } from '../support/temp.ts';
import { conformanceOffer } from './conformanceOffer.ts';
import { createMemory } from './memory.ts';

const SUITE = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));
const TOKEN = 'a-token-of-the-test';

/** The API with its gate and its routes, offering what the suite asks for. */
async function serveFixture() {
  const mcp = createEndpoint({ offer: conformanceOffer, limits: { retryMs: 100 } });
  let port = 0;
  const served = createMemory();
  const program = await createProgram({
    served,
    routes: createRoutes({ mcp, served }),
    hub: { async addRoutes() {} },
    limits: LIMITS,
    gate: () => ({ port, lan: false, token: () => TOKEN, session: () => null }),
  });
  const { handle, upgrade } = program;
  const listening = await listen({ port: 0, lan: false, handle, upgrade, limits: LIMITS });
  port = listening.port;
  return {
    port,
    async [Symbol.asyncDispose]() {
      await mcp.close();
      await listening.close();
      await program.close();
    },
  };
}

/** The suite cannot show a token: this stands before the API, adds it, and changes nothing else but its own port. */
function withToken(port: number) {
  return loopbackServer(({ method, url, headers }, response) => {
    const own = String(headers.host).split(':')[1] ?? '';
    const there = (value: string | undefined) =>
      value?.replace(new RegExp(`^((?:http://)?[\\w.-]+):${own}$`), `$1:${port}`);
    const passed = { ...headers, authorization: `Bearer ${TOKEN}`, host: there(headers.host) };
    if (headers.origin !== undefined) Object.assign(passed, { origin: there(headers.origin) });
    const onward = request({ host: '127.0.0.1', port, method, path: url, headers: passed }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    response.req.pipe(onward);
  });
}

describe('the conformance suite of the Model Context Protocol', { timeout: 120_000 }, () => {
  it('passes every scenario for servers', async () => {
    await using fixture = await serveFixture();
    await using proxy = await withToken(fixture.port);
    using folder = tempFolder('conformance');
    const url = `http://localhost:${proxy.port}/mcp`;
    const args = [SUITE, 'server', '--url', url, '--suite', 'all', '--output-dir', folder.path];
    const suite = spawn(process.execPath, args, { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [suite.stdout, suite.stderr])
      stream.setEncoding('utf8').on('data', (words) => (said += words));
    const [code] = await once(suite, 'close');
    const total = /Total: (\d+) passed, (\d+) failed/.exec(said);
    assert.equal(code, 0, said);
    assert.ok(total !== null && Number(total[1]) > 40 && total[2] === '0', said.slice(-3000));
  });
});
