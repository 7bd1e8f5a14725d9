import { spawnSync } from 'node:child_process';
import { interleave, median, type Report, round, timed } from '../../../scripts/measure.ts';
import { ended, startServer } from '../../support/server.ts';
import { sampleWorkspace, tempFolder } from '../../support/temp.ts';

const ROUNDS = 9;
const SUBMITS = 30;

/** Server start to ready against the start of an empty Node program; submit to first event against an empty request. */
export async function measureServer(report: Report): Promise<void> {
  using workspace = sampleWorkspace();
  using data = tempFolder('bench-data');
  const options = { workspace: workspace.path, data: data.path };
  const starts = await interleave(ROUNDS, {
    async server() {
      const start = performance.now();
      const server = await startServer(options);
      const ms = performance.now() - start;
      await server.stop();
      return ms;
    },
    node: () => timed(() => void spawnSync(process.execPath, ['-e', '0'])),
  });
  report({
    measure: 'server start to ready',
    value: round(median(starts.server)),
    unit: 'ms',
    vs: 'an empty Node program',
    ratio: round(median(starts.server.map((ms, i) => ms / (starts.node[i] ?? 1)))),
  });

  await using server = await startServer(options);
  const { client } = server;
  const submit = async () => {
    const id = crypto.randomUUID();
    const start = performance.now();
    const { promise, resolve } = Promise.withResolvers<number>();
    const stop = client.on('task/didEvent', ({ event }) => {
      if (event.taskId === id) resolve(performance.now() - start);
    });
    await client.request('task/submit', { id, instruction: 'Write a web server in Rust.' });
    const ms = await promise;
    stop();
    await ended(client, id);
    return ms;
  };
  await submit();
  const requests = await interleave(SUBMITS, {
    submit,
    empty: () => timed(() => client.request('model/list', {})),
  });
  report({
    measure: 'submit to first event',
    value: round(median(requests.submit)),
    unit: 'ms',
    vs: 'a request that reads only',
    ratio: round(median(requests.submit.map((ms, i) => ms / (requests.empty[i] ?? 1)))),
  });
}
