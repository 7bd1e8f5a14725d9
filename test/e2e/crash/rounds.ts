import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../support/gguf/random.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { catchUp } from './asking.ts';
import { readFacts } from './facts.ts';
import { judge, noFault, type Verdict } from './judge.ts';
import { moments } from './moments.ts';
import { press } from './pressure.ts';
import { settle } from './settling.ts';
import { noWishes, type Wishes } from './wishes.ts';

export interface CrashOptions {
  rounds: number;
  /** Which moments and victims there are; when exactly they are killed depends on the machine too. */
  seed: number;
  /** An empty folder for the workspace and the data. */
  folder: string;
  /** Clients that ask without a pause meanwhile. */
  clients?: number;
  /** Rounds between two looks into the database. */
  checkEvery?: number;
  onRound?: (round: number, moment: string, victim: string) => void;
}

export interface CrashSummary {
  rounds: number;
  seed: number;
  /** How often what was killed when, as `moment victim`. */
  kills: Record<string, number>;
  acknowledged: { submits: number; accepts: number; cancels: number; schedules: number; events: number };
  tasks: Record<string, number>;
  /** Events that say that an attempt was given up, and attempts that went on behind a step. */
  retries: number;
  verdict: Verdict;
}

/** Kills servers and workers at random moments of real work, and holds what is there against what was acknowledged. */
export async function runCrashRounds(options: CrashOptions): Promise<CrashSummary> {
  const { rounds, seed, folder, clients = 0, checkEvery = 10, onRound = () => {} } = options;
  const workspace = join(realpathSync(folder), 'workspace');
  const data = join(folder, 'data');
  mkdirSync(join(workspace, 'src'), { recursive: true });
  const wishes = noWishes();
  const random = createRandom(seed);
  const verdict = noFault();
  const kills: CrashSummary['kills'] = {};
  const start = async (): Promise<TestServer> => {
    const started = await startServer({ workspace, data });
    started.client.on('task/didEvent', ({ event }) => wishes.seen.push(event));
    return started;
  };
  const look = async (final: boolean) => {
    const facts = await readFacts(workspace, data);
    add(verdict, judge(wishes, facts, { final, start: new Map() }));
    return facts;
  };

  let server = await start();
  try {
    // Every moment comes up in turn, in another order each time.
    let left: typeof moments = [];
    for (let round = 1; round <= rounds; round++) {
      if (left.length === 0) left = shuffled(moments, random);
      const [moment = moments[0], ...rest] = left;
      if (moment === undefined) throw new Error('there are no moments');
      left = rest;
      const { client } = server;
      const relent = press(client, wishes, clients);
      const underWay = await moment.reach({ client, workspace, wishes, random });
      const pid =
        moment.worker && random() < 0.4
          ? ((await client.request('server/status', {})).workers[0]?.pid ?? undefined)
          : undefined;
      const victim = pid === undefined ? 'server' : 'worker';
      onRound(round, moment.name, victim);
      kills[`${moment.name} ${victim}`] = (kills[`${moment.name} ${victim}`] ?? 0) + 1;
      if (pid !== undefined) {
        kill(pid);
        await Promise.all([...underWay, relent()]);
        continue;
      }
      // First the server, then our side of it: what it still sends on its way down is heard.
      server.child.kill('SIGKILL');
      await Promise.all([...underWay, relent()]);
      await server.kill();
      if (round % checkEvery === 0) await look(false);
      server = await start();
      await catchUp(server.client, wishes);
    }
    await settle(server.client, wishes);
    await server.kill();
  } finally {
    await server[Symbol.asyncDispose]();
  }
  const facts = await look(true);
  return {
    rounds,
    seed,
    kills,
    acknowledged: acknowledged(wishes),
    tasks: countBy(facts.tasks, ({ status }) => status),
    retries: facts.events.filter(({ type }) => type === 'retry').length,
    verdict,
  };
}

/** Whether nothing at all was wrong. */
export const isFlawless = (verdict: Verdict): boolean => Object.values(verdict).every((faults) => faults.length === 0);

function add(sum: Verdict, more: Verdict): void {
  for (const name of Object.keys(sum) as (keyof Verdict)[])
    sum[name].push(...more[name].filter((fault) => !sum[name].includes(fault)));
}

function acknowledged({ edits, parked, planned, seen }: Wishes): CrashSummary['acknowledged'] {
  return {
    submits: [...edits, ...parked].filter(({ submit }) => submit === 'answered').length,
    accepts: edits.filter(({ accept }) => accept === 'answered').length,
    cancels: parked.filter(({ cancel }) => cancel === 'answered').length,
    schedules: planned.filter(({ create }) => create === 'answered').length,
    events: seen.length,
  };
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in this moment.
  }
}
