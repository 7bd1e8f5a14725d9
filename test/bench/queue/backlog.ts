import { join } from 'node:path';
import { against, median, type Report, round } from '../../../scripts/measure.ts';
import { type OwnStore, openOwn } from './ownStore.ts';

const TIMED = 50;
const SMALLEST = 1000;

/** Claim+complete with this many tasks waiting, and the first page of the longest list. Encrypted; NORMAL, to leave the disk out. */
export async function measureBacklog(report: Report, options: { folder: string; rounds: number; largest: number }) {
  const { folder, rounds, largest } = options;
  const sizes = [SMALLEST, 100_000, 1_000_000].filter((size) => size <= largest);
  const stores: { size: number; store: OwnStore; times: number[] }[] = [];
  for (const size of sizes) {
    const store = await openOwn(join(folder, `backlog-${size}.db`), { synchronous: 'NORMAL' });
    fill(store, size);
    stores.push({ size, store, times: [] });
  }
  for (let i = 0; i < rounds; i++)
    for (const { store, times } of stores) {
      for (let n = 0; n < TIMED; n++) {
        const start = performance.now();
        store.finish();
        times.push((performance.now() - start) * 1000);
      }
      // What it took away.
      await store.enqueueAtOnce(TIMED);
    }
  const [smallest] = stores;
  const base = median(smallest?.times ?? []);
  for (const { size, times } of stores) {
    const value = median(times);
    const ratio = round(value / base);
    const measure = { measure: `claim and complete, ${size} tasks waiting`, value: round(value), unit: 'µs' };
    if (size === SMALLEST) report(measure);
    else report({ ...measure, vs: `${SMALLEST} tasks waiting`, ratio, ...against('<= 1.2', ratio) });
  }
  const last = stores.at(-1);
  if (last) reportPages(report, last);
  for (const { store } of stores) store.close();
}

/** One statement. Tasks of four kinds, so that four lanes are looked at for each claim. */
function fill({ db }: OwnStore, size: number): void {
  db.transaction(() => {
    db.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO tasks (uid, kind, model, status, payload, created_at, updated_at)
       SELECT 'filled-' || i, json_extract('["ask","agent","plan","tag"]', '$[' || (i % 4) || ']'), 'default', 'pending',
         '{"instruction":"Say hello.","context":null,"autoAccept":"none","maxAttempts":3}', 1, 1 FROM n`,
    ).run(size);
  })();
}

function reportPages(report: Report, { size, store: { queue } }: { size: number; store: OwnStore }): void {
  const pages = { all: {}, pending: { status: ['pending' as const] }, roots: { parentId: null } };
  for (const [name, params] of Object.entries(pages)) {
    const times = Array.from({ length: 21 }, () => {
      const start = performance.now();
      queue.list({ ...params, limit: 100 });
      return performance.now() - start;
    });
    const value = round(median(times));
    report({ measure: `first page of ${size} tasks, ${name}`, value, unit: 'ms', ...against('<= 20', value) });
  }
}
