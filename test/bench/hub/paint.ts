import { against, median, type Report, round } from '../../../scripts/measure.ts';
import { openHub } from '../../support/hub/hub.ts';

const ROUNDS = 7;

/** Milliseconds from going there until Chromium has painted, with nothing in its cache, and until the tasks are there. */
export async function measurePaint(report: Report): Promise<void> {
  await using hub = await openHub();
  const { page, client } = hub;
  await client.request('queue/pause', {});
  await client.request('task/submit', { kind: 'ask', instruction: 'What is RETRY_MAX for?' });
  const session = await page.context().newCDPSession(page);
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const address = new URL('#/tasks', page.url()).href;
  const paints: number[] = [];
  const rows: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await page.goto('about:blank');
    await page.goto(address);
    await page.getByText('What is RETRY_MAX for?').first().waitFor();
    rows.push(await page.evaluate<number>('performance.now()'));
    paints.push(await page.evaluate<number>(firstPaint));
  }
  report({
    measure: 'first paint in a browser',
    value: round(median(paints)),
    unit: 'ms',
    ...against('<= 1000', median(paints)),
  });
  report({ measure: 'tasks shown in a browser', value: round(median(rows)), unit: 'ms' });
}

/** Milliseconds since the page began to load; it has been painted when this is asked, or is about to. */
export const firstPaint = `new Promise((done) => new PerformanceObserver((list) => done(list.getEntries()[0].startTime))
  .observe({ type: 'paint', buffered: true }))`;
