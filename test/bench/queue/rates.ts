import { join } from 'node:path';
import { against, interleave, median, type Report, round, timed } from '../../../scripts/measure.ts';
import { openOwn } from './ownStore.ts';
import { openPlainjob } from './plainjobStore.ts';
import type { Store, Synchronous } from './store.ts';

/** Operations that are timed at once: a sync takes milliseconds, a commit without one microseconds. */
const TIMED = { FULL: 64, NORMAL: 640 } as const;
const CALLERS = 64;
/** Tasks that run at one moment, as `parallelTasks` is when nobody sets it. */
const PLACES = 4;
/** Tasks one at a time after which each store writes over its journal, which is faster than letting it grow. */
const WARM_UP = 1500;

/** Enqueue and claim+complete, encrypted and plain, against plainjob on the same disk with the same syncs. */
export async function measureRates(report: Report, { folder, rounds }: { folder: string; rounds: number }) {
  for (const synchronous of ['NORMAL', 'FULL'] as const) {
    const at = (name: string) => join(folder, `${name}-${synchronous}.db`);
    const stores = {
      encrypted: await openOwn(at('encrypted'), { synchronous }),
      plain: await openOwn(at('plain'), { plain: true, synchronous }),
      plainjob: await openPlainjob(at('plainjob'), synchronous),
    };
    for (const store of Object.values(stores)) for (let i = 0; i < WARM_UP; i++) await store.enqueue();
    const count = TIMED[synchronous];
    /** Operations a second; first there are as many tasks as it takes away. */
    const rate = async (run: () => Promise<void> | void, filled?: Store): Promise<number> => {
      await filled?.enqueueAtOnce(count);
      return (count * 1000) / (await timed(run));
    };
    for (const [name, { run, fills }] of Object.entries(operations)) {
      const of = (store: Store) => () => rate(() => run(store, count), fills ? store : undefined);
      const rates = await interleave(rounds, {
        encrypted: of(stores.encrypted),
        plain: of(stores.plain),
        plainjob: of(stores.plainjob),
      });
      for (const own of ['encrypted', 'plain'] as const) {
        const ratio = round(median(rates[own].map((value, i) => value / (rates.plainjob[i] ?? 1))));
        report({
          measure: `${name}, ${own}, ${synchronous}`,
          value: round(median(rates[own])),
          unit: '1/s',
          vs: `plainjob, plain, ${synchronous}`,
          ratio,
          ...goal(own, synchronous, ratio),
        });
      }
      report({ measure: `${name}, plainjob, ${synchronous}`, value: round(median(rates.plainjob)), unit: '1/s' });
    }
    const lists = await interleave(rounds, {
      many: () =>
        rate(() => {
          for (let i = 0; i < count; i += CALLERS) stores.plainjob.enqueueMany(CALLERS);
        }),
    });
    report({
      measure: `enqueue, one caller with a list of ${CALLERS} (addMany), plainjob, ${synchronous}`,
      value: round(median(lists.many)),
      unit: '1/s',
    });
    for (const store of Object.values(stores)) store.close();
  }
}

interface Operation {
  /** Does it a number of times. */
  run(store: Store, count: number): Promise<void> | void;
  /** Whether it takes tasks away. */
  fills: boolean;
}

const operations: Record<string, Operation> = {
  'enqueue, one at a time': {
    async run(store, count) {
      for (let i = 0; i < count; i++) await store.enqueue();
    },
    fills: false,
  },
  [`enqueue, ${CALLERS} at once`]: {
    async run(store, count) {
      for (let i = 0; i < count; i += CALLERS) await store.enqueueAtOnce(CALLERS);
    },
    fills: false,
  },
  'claim and complete, two calls': {
    run(store, count) {
      for (let i = 0; i < count; i++) store.finish();
    },
    fills: true,
  },
  'claim and complete, as a worker': {
    run: (store, count) => store.work(count, 1),
    fills: true,
  },
  [`claim and complete, as a worker, ${PLACES} that end at one moment`]: {
    run: (store, count) => store.work(count, PLACES),
    fills: true,
  },
};

/** Encrypted and FULL is what ships. */
function goal(name: 'encrypted' | 'plain', synchronous: Synchronous, ratio: number) {
  if (name === 'plain' && synchronous === 'NORMAL') return against('>= 1.1', ratio);
  if (name === 'encrypted' && synchronous === 'FULL') return against('>= 0.8', ratio);
  return {};
}
