import { setTimeout as delay } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';
import type { TaskEvent } from '../../../protocol/index.ts';
import { against, type Report, round } from '../../../scripts/measure.ts';
import { openHub } from '../../support/hub/hub.ts';
import { untilStatus } from '../../support/server.ts';

const TOKENS_PER_SECOND = 200;
const SECONDS = 10;
/** Milliseconds between two of them. */
const EACH = 1000 / TOKENS_PER_SECOND;

/**
 * What part of one core the page takes to show a stream of 200 tokens a second: all that the browser's process for the page
 * computes. The frames are given to the page's own WebSocket in the page itself, each in a message of its own: a model that is this
 * fast would take the other core, and frames that a test sends cost more than showing them.
 */
export async function measureStream(report: Report): Promise<void> {
  await using hub = await openHub();
  const { page, client } = hub;
  await page.addInitScript(`window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      window.line = this;
    }
  }`);
  const { task } = await client.request('task/submit', {
    kind: 'ask',
    instruction: 'Set RETRY_MAX to 5 in src/limits.ts.',
  });
  const { lastSeq } = await untilStatus(client, task.id, 'done', 'failed');
  await page.reload();
  await page.getByRole('navigation').waitFor();
  await hub.go(`tasks/${task.number}`);
  await page.getByRole('tab', { name: 'Stream' }).waitFor();

  const session = (await page.context().browser()?.newBrowserCDPSession()) ?? undefined;
  if (session === undefined) throw new Error('the browser tells nothing of itself');
  const frames = Array.from({ length: TOKENS_PER_SECOND * SECONDS }, (_, at) =>
    JSON.stringify({ method: 'task/didEvent', params: { event: token(task.id, lastSeq + 1 + at, at) } }),
  );
  await page.evaluate(`window.frames200 = ${JSON.stringify(frames)}`);
  const still = await share(session, () => delay(SECONDS * 1000));
  const streaming = await share(session, () => page.evaluate(stream));
  await page
    .getByText(`number${frames.length - 1}`)
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

const stream = `new Promise((done) => {
  const began = performance.now();
  let at = 0;
  const timer = setInterval(() => {
    const due = Math.min(frames200.length, Math.floor((performance.now() - began) / ${EACH}));
    for (; at < due; at++) line.dispatchEvent(new MessageEvent('message', { data: frames200[at] }));
    if (at < frames200.length) return;
    clearInterval(timer);
    done();
  }, ${EACH});
})`;

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
