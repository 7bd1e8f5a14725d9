import type { Page } from 'playwright-core';
import { against, type Report, round } from '../../../scripts/measure.ts';
import { openHub } from '../../support/hub/hub.ts';

const TASKS = 100_000;
const NOTES = 10_000;
/** Requests that are on their way at one time. */
const TOGETHER = 500;
const SECONDS = 5;

/** Frames a second while lists of all tasks and of all notes are scrolled: while their pages still come, and when all are known. */
export async function measureScrolling(report: Report): Promise<void> {
  await using hub = await openHub();
  const { page, client } = hub;
  await client.request('queue/pause', {});
  await many(TASKS, (at) =>
    client.request('task/submit', { kind: 'ask', instruction: `Say what the file number ${at} is for.` }),
  );
  await hub.go('tasks');
  await page.locator('[data-row]').first().waitFor();
  report({ measure: 'frames while nothing moves', value: round(await framesPerSecond(page, 0), 1), unit: 'frames/s' });
  await measureList(report, page, '100,000 tasks');
  await many(NOTES, (at) =>
    client.request('note/save', {
      path: `notes/${at % 100}/${at}.md`,
      text: `# Note ${at}\n\nOf #tag${at % 50}.\n`,
      base: null,
    }),
  );
  await hub.go('notes');
  await page.locator('[data-row]', { hasText: 'Note' }).first().waitFor();
  await measureList(report, page, '10,000 notes');
}

async function measureList(report: Report, page: Page, what: string): Promise<void> {
  for (const [words, step] of [
    ['slowly', 30],
    ['a screen a frame', 700],
    ['by the scroll bar', 4000],
  ] as const) {
    const frames = await framesPerSecond(page, step);
    report({
      measure: `frames while ${what} are scrolled ${words}`,
      value: round(frames, 1),
      unit: 'frames/s',
      ...against('>= 50', frames),
    });
  }
}

async function many(count: number, make: (at: number) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < count; at += TOGETHER)
    await Promise.all(Array.from({ length: TOGETHER }, (_, of) => make(at + of)));
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
