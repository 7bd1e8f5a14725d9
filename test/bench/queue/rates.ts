import { join } from 'node:path';
import { against, interleave, median, type Report, round, timed } from '../../../scripts/measure.ts';
import { openBetterQueue } from './betterQueueStore.ts';
import { openOwn } from './ownStore.ts';
import { openPlainjob } from './plainjobStore.ts';
import type { OpenStore, Store, Synchronous } from './store.ts';

/** Operations that are timed at once: a sync takes milliseconds, a commit without one microseconds. */
const TIMED = { FULL: 64, NORMAL: 640 } as const;
const CALLERS = 64;
/** Tasks that run at one moment, as `parallelTasks` is when nobody sets it. */
const PLACES = 4;
/** Tasks one at a time after which each store writes over its journal, which is faster than letting it grow. */
const WARM_UP = 1500;

export interface RatesOptions {
  folder: string;
  rounds: number;
  /** Where better-queue is installed, if it is. */
  betterQueue: string | undefined;
}

/**
 * Enqueue and claim+complete, encrypted and plain, against plainjob on the same disk with the same syncs. better-queue, which
 * never syncs, goes with NORMAL.
 */
export async function measureRates(report: Report, { folder, rounds, betterQueue }: RatesOptions) {
  for (const synchronous of ['NORMAL', 'FULL'] as const) {
    const at = (name: string) => join(folder, `${name}-${synchronous}.db`);
    const stores = {
      encrypted: await openOwn(at('encrypted'), { synchronous }),
      plain: await openOwn(at('plain'), { plain: true, synchronous }),
      plainjob: await openPlainjob(at('plainjob'), synchronous),
    };
    const unsynced = synchronous === 'NORMAL' && betterQueue !== undefined;
    const other = unsynced ? await openBetterQueue(at('better-queue'), betterQueue) : undefined;
    const all: Store[] = [...Object.values(stores), ...(other ? [other] : [])];
    for (const store of all) for (let i = 0; i < WARM_UP; i++) await store.enqueue();
    const count = TIMED[synchronous];
    /** Operations a second; first there are as many tasks as it takes away. */
    const rate = async (run: () => Promise<void> | void, filled?: Store): Promise<number> => {
      await filled?.enqueueAtOnce(count);
      return (count * 1000) / (await timed(run));
    };
    for (const [name, { run, worked, fills }] of Object.entries(operations)) {
      const of = (store: OpenStore) => () => rate(() => run(store, count), fills ? store : undefined);
      const ways = {
        encrypted: of(stores.encrypted),
        plain: of(stores.plain),
        plainjob: of(stores.plainjob),
      };
      const rates =
        other && worked
          ? await interleave(rounds, {
              ...ways,
              betterQueue: () => rate(() => worked(other, count), fills ? other : undefined),
            })
          : { ...(await interleave(rounds, ways)), betterQueue: undefined };
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
      if (rates.betterQueue)
        report({
          ...{ measure: `${name}, better-queue, OFF`, value: round(median(rates.betterQueue)), unit: '1/s' },
          vs: `plainjob, plain, ${synchronous}`,
          ratio: round(median(rates.betterQueue.map((value, i) => value / (rates.plainjob[i] ?? 1)))),
        });
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
    for (const store of all) store.close();
  }
}

interface Operation {
  /** Does it a number of times. */
  run(store: OpenStore, count: number): Promise<void> | void;
  /** The same, where a queue that works its tasks itself can do it too. */
  worked?(store: Store, count: number): Promise<void> | void;
  /** Whether it takes tasks away. */
  fills: boolean;
}

const both = (run: (store: Store, count: number) => Promise<void> | void) => ({ run, worked: run });

const operations: Record<string, Operation> = {
  'enqueue, one at a time': {
    ...both(async (store, count) => {
      for (let i = 0; i < count; i++) await store.enqueue();
    }),
    fills: false,
  },
  [`enqueue, ${CALLERS} at once`]: {
    ...both(async (store, count) => {
      for (let i = 0; i < count; i += CALLERS) await store.enqueueAtOnce(CALLERS);
    }),
    fills: false,
  },
  'claim and complete, two calls': {
    run(store, count) {
      for (let i = 0; i < count; i++) store.finish();
    },
    fills: true,
  },
  'claim and complete, as a worker': { ...both((store, count) => store.work(count, 1)), fills: true },
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
