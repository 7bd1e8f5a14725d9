import { interleave, median, type Report, round, timed } from '../../../scripts/measure.ts';
import type { Engine, Turn } from '../../../server/inference/engine.ts';
import { createParkedStates } from '../../../server/inference/parkedStates.ts';
import { createParking } from '../../../server/inference/parking.ts';
import { openPool, user } from '../../server/inference/testPool.ts';
import { openQueue } from '../../server/tasks/queueFixture.ts';
import { BENCH_MODEL, writeRandomModel } from '../../support/gguf/randomModel.ts';
import { tempFolder } from '../../support/temp.ts';

const ROUNDS = 5;
/** A letter is a token of the bench's model. */
const TOKENS = 1000;

/** The next token of a task whose place in the worker was taken meanwhile: from its parked state, and evaluated again. */
export async function measureParking(report: Report): Promise<void> {
  using folder = tempFolder('bench-parking');
  using q = await openQueue();
  await using t = await openPool({ conversations: 1 });
  t.add('bench', (path) => writeRandomModel(path, { ...BENCH_MODEL, contextLength: TOKENS + 256 }));
  const states = createParkedStates({ db: q.db, folder: folder.path, mostBytes: 1e9, now: Date.now });
  states.sweep();
  const parking = createParking({ pool: t.pool, states, log: t.options.log });
  const task = q.ask({ model: 'bench' });
  const turns: Turn[] = [user('x'.repeat(TOKENS))];
  const next = (engine: Engine, conversation: string, said = turns) =>
    engine.generate(t.generation('bench', said, { conversation, maxTokens: 1 }));
  const takePlace = () => next(t.pool, 'other', [user('Hello.')]);
  const park: number[] = [];
  await next(t.pool, task.id);

  const times = await interleave(ROUNDS, {
    restored: async () => {
      park.push(await timed(() => parking.park(task)));
      await takePlace();
      return timed(() => next(parking.engine, task.id));
    },
    evaluated: async () => {
      await takePlace();
      return timed(() => next(t.pool, task.id));
    },
  });
  const evaluated = median(times.evaluated);
  const tell = (measure: string, ms: number) => {
    const vs = `the next token after evaluating ${TOKENS} tokens again`;
    report({ measure, value: round(ms), unit: 'ms', vs, ratio: round(ms / evaluated, 3) });
  };
  tell('the next token of a parked task', median(times.restored));
  tell('parking it', median(park));
}
