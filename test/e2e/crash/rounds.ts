import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../../protocol/index.ts';
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
  /** Has workers run in containers of this engine, which is killed in its turn, as often as workers and servers. */
  engine?: CrashEngine;
  onRound?: (round: number, moment: string, victim: string) => void;
}

export interface CrashEngine {
  /** What `DOCKER_HOST` is. */
  readonly host: string;
  /** Kills the containers that run; resolves with how many there were. */
  killWorkers(): Promise<number>;
  kill(): Promise<void>;
  start(): Promise<void>;
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
  /** How often tasks failed with which code. */
  failures: Record<string, number>;
  verdict: Verdict;
}

/** Kills servers and workers at random moments of real work, and holds what is there against what was acknowledged. */
export async function runCrashRounds(options: CrashOptions): Promise<CrashSummary> {
  const { rounds, seed, folder, clients = 0, checkEvery = 10, engine, onRound = () => {} } = options;
  const inContainers = engine && {
    ...{ settings: { workers: { runtime: 'container' } }, env: { DOCKER_HOST: engine.host } },
  };
  const workspace = join(realpathSync(folder), 'workspace');
  const data = join(folder, 'data');
  mkdirSync(join(workspace, 'src'), { recursive: true });
  const wishes = noWishes();
  const random = createRandom(seed);
  const verdict = noFault();
  const kills: CrashSummary['kills'] = {};
  const start = async (): Promise<TestServer> => {
    const started = await startServer({ workspace, data, ...inContainers });
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
      // One at which there will be something to kill.
      const moment = left.find(({ worker }) => engine === undefined || worker || round % 3 !== 1) ?? left[0];
      if (moment === undefined) throw new Error('there are no moments');
      left = left.filter((one) => one !== moment);
      const { client } = server;
      const relent = press(client, wishes, clients);
      const underWay = await moment.reach({ client, workspace, wishes, random });
      const strike = await (engine
        ? chooseOfThree(engine, round)
        : chooseOfTwo(client, moment.worker && random() < 0.4));
      const victim = strike?.victim ?? 'server';
      onRound(round, moment.name, victim);
      kills[`${moment.name} ${victim}`] = (kills[`${moment.name} ${victim}`] ?? 0) + 1;
      if (strike !== null) {
        await strike.kill();
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
    failures: countBy(
      facts.events.filter(({ type }) => type === 'failed'),
      ({ data }) => (JSON.parse(data) as { error: { code: string } }).error.code,
    ),
    verdict,
  };
}

/** Something else than the server that is killed. */
interface Strike {
  victim: 'worker' | 'engine';
  kill(): Promise<void>;
}

async function chooseOfTwo(client: Client, worker: boolean): Promise<Strike | null> {
  const pid = worker ? (await client.request('server/status', {})).workers[0]?.pid : undefined;
  return typeof pid === 'number' ? { victim: 'worker', kill: async () => kill(pid) } : null;
}

/** In turn; where no container runs at the moment, it is the server's. */
async function chooseOfThree(engine: CrashEngine, round: number): Promise<Strike | null> {
  if (round % 3 === 0) return null;
  if (round % 3 === 1) return (await engine.killWorkers()) > 0 ? { victim: 'worker', kill: async () => {} } : null;
  const kill = async () => {
    await engine.kill();
    await engine.start();
  };
  return { victim: 'engine', kill };
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
