import { join } from 'node:path';
import { against, interleave, median, type Report, round, timed } from '../../../scripts/measure.ts';
import { openOwn } from './ownStore.ts';
import { openPlainjob } from './plainjobStore.ts';
import type { Store, Synchronous } from './store.ts';

/** Operations that are timed at once: a sync takes milliseconds, a commit without one microseconds. */
const TIMED = { FULL: 40, NORMAL: 400 } as const;

/** Enqueue and claim+complete, encrypted and plain, against plainjob on the same disk with the same syncs. */
export async function measureRates(report: Report, { folder, rounds }: { folder: string; rounds: number }) {
  for (const synchronous of ['NORMAL', 'FULL'] as const) {
    const at = (name: string) => join(folder, `${name}-${synchronous}.db`);
    const stores = {
      encrypted: await openOwn(at('encrypted'), { synchronous }),
      plain: await openOwn(at('plain'), { plain: true, synchronous }),
      plainjob: await openPlainjob(at('plainjob'), synchronous),
    };
    for (const what of ['enqueue', 'finish'] as const) {
      const rate = (store: Store) => async () => {
        const count = TIMED[synchronous];
        // As many as it takes away.
        if (what === 'finish') for (let i = 0; i < count; i++) store.enqueue();
        const ms = await timed(() => {
          for (let i = 0; i < count; i++) store[what]();
        });
        return (count * 1000) / ms;
      };
      const rates = await interleave(rounds, {
        encrypted: rate(stores.encrypted),
        plain: rate(stores.plain),
        plainjob: rate(stores.plainjob),
      });
      for (const name of ['encrypted', 'plain'] as const) {
        const ratio = round(median(rates[name].map((value, i) => value / (rates.plainjob[i] ?? 1))));
        report({
          measure: `${named[what]}, ${name}, ${synchronous}`,
          value: round(median(rates[name])),
          unit: '1/s',
          vs: `plainjob, plain, ${synchronous}`,
          ratio,
          ...goal(name, synchronous, ratio),
        });
      }
      report({
        measure: `${named[what]}, plainjob, ${synchronous}`,
        value: round(median(rates.plainjob)),
        unit: '1/s',
      });
    }
    for (const store of Object.values(stores)) store.close();
  }
}

const named = { enqueue: 'enqueue', finish: 'claim and complete' } as const;

/** Encrypted and FULL is what ships. */
function goal(name: 'encrypted' | 'plain', synchronous: Synchronous, ratio: number) {
  if (name === 'plain' && synchronous === 'NORMAL') return against('>= 1.1', ratio);
  if (name === 'encrypted' && synchronous === 'FULL') return against('>= 0.8', ratio);
  return {};
}
