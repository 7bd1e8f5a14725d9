import type { Page } from 'playwright-core';
import type { Client } from '../../../protocol/index.ts';
import { against, type Report, round } from '../../../scripts/measure.ts';
import { openHub } from '../../support/hub/hub.ts';

const TASKS = 100_000;
/** Requests that are on their way at one time. */
const TOGETHER = 500;
const SECONDS = 5;

/** Frames a second while a list of all tasks is scrolled: while its pages still come, and when all of them are known. */
export async function measureScrolling(report: Report): Promise<void> {
  await using hub = await openHub();
  const { page, client } = hub;
  await client.request('queue/pause', {});
  await submit(client);
  await hub.go('tasks');
  await page.locator('[data-row]').first().waitFor();
  const idle = await framesPerSecond(page, 0);
  report({ measure: 'frames while nothing moves', value: round(idle, 1), unit: 'frames/s' });
  for (const [words, step] of [
    ['slowly', 30],
    ['a screen a frame', 700],
    ['by the scroll bar', 4000],
  ] as const) {
    const frames = await framesPerSecond(page, step);
    report({
      measure: `frames while 100,000 tasks are scrolled ${words}`,
      value: round(frames, 1),
      unit: 'frames/s',
      ...against('>= 50', frames),
    });
  }
}

async function submit(client: Client): Promise<void> {
  for (let at = 0; at < TASKS; at += TOGETHER)
    await Promise.all(
      Array.from({ length: TOGETHER }, (_, of) =>
        client.request('task/submit', { kind: 'ask', instruction: `Say what the file number ${at + of} is for.` }),
      ),
    );
}

/** Scrolls the list by `step` pixels a frame, down and back up, for a while. */
const framesPerSecond = (page: Page, step: number): Promise<number> =>
  page.evaluate<number>(`new Promise((done) => {
    const scroller = document.querySelector('[data-row]').closest('[role=list], [role=tree], [role=grid]').parentElement;
    const began = performance.now();
    let frames = 0;
    let way = ${step};
    const frame = (now) => {
      if (now - began > ${SECONDS * 1000}) return done(frames / ((now - began) / 1000));
      frames += 1;
      const before = scroller.scrollTop;
      scroller.scrollTop += way;
      if (scroller.scrollTop === before) way = -way;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  })`);
