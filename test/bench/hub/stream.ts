import { setTimeout as delay } from 'node:timers/promises';
import type { CDPSession, WebSocketRoute } from 'playwright-core';
import type { TaskEvent } from '../../../protocol/index.ts';
import { against, type Report, round } from '../../../scripts/measure.ts';
import { openHub } from '../../support/hub/hub.ts';
import { untilStatus } from '../../support/server.ts';

const TOKENS_PER_SECOND = 200;
const SECONDS = 10;
/** Milliseconds between frames that the server sends: it gives what came meanwhile as one event each. */
const EACH = 1000 / TOKENS_PER_SECOND;

/**
 * What part of one core the page takes to show a stream of 200 tokens a second: all that the browser's process for the page
 * computes. The tokens come over the page's own line; a model that is this fast would take the other core.
 */
export async function measureStream(report: Report): Promise<void> {
  await using hub = await openHub();
  const { page, client } = hub;
  const lines: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/hub\/line$/, (line) => {
    line.connectToServer();
    lines.push(line);
  });
  const { task } = await client.request('task/submit', {
    kind: 'ask',
    instruction: 'Set RETRY_MAX to 5 in src/limits.ts.',
  });
  const { lastSeq } = await untilStatus(client, task.id, 'done', 'failed');
  await page.reload();
  await hub.go(`tasks/${task.number}`);
  await page.getByText('RETRY_MAX').first().waitFor();
  const line = lines.at(-1);
  if (line === undefined) throw new Error('the page has no line');

  const session = (await page.context().browser()?.newBrowserCDPSession()) ?? undefined;
  if (session === undefined) throw new Error('the browser tells nothing of itself');
  const still = await share(session, () => delay(SECONDS * 1000));
  const streaming = await share(session, async () => {
    const began = performance.now();
    for (let at = 0; at < TOKENS_PER_SECOND * SECONDS; at++) {
      const wait = began + at * EACH - performance.now();
      if (wait > 1) await delay(wait);
      line.send(JSON.stringify({ method: 'task/didEvent', params: { event: token(task.id, lastSeq + 1 + at, at) } }));
    }
  });
  await page
    .getByText(word(TOKENS_PER_SECOND * SECONDS - 1).trim(), { exact: false })
    .first()
    .waitFor();
  report({ measure: 'a page that shows a task at rest', value: round(still, 1), unit: '% of a core' });
  report({
    measure: 'a page that shows 200 tokens/s',
    value: round(streaming, 1),
    unit: '% of a core',
    ...against('<= 10', streaming),
  });
}

const word = (at: number): string => (at % 12 === 11 ? ` number${at}.\n` : ` number${at}`);

const token = (taskId: string, seq: number, at: number): TaskEvent => ({
  taskId,
  seq,
  at: Date.now(),
  type: 'text',
  data: { turn: 99, text: word(at) },
});

/** Percent of one core that the browser's processes for pages take while something goes on. */
async function share(session: CDPSession, run: () => Promise<unknown>): Promise<number> {
  const [before, began] = [await seconds(session), performance.now()];
  await run();
  return (100 * (await seconds(session)) - 100 * before) / ((performance.now() - began) / 1000);
}

async function seconds(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}
