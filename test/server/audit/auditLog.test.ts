import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { resealAudit } from '../../../server/audit/head.ts';
import { createTransact } from '../../../server/storage/transaction.ts';
import { type AuditBench, auditBench, forge, KEY } from './auditBench.ts';

const FIELDS = ['at', 'type', 'actor', 'subject', 'details', 'previous', 'hash'] as const;
const HEAD = ['chain', 'number', 'hash', 'pruned', 'seal'] as const;
const ENTRIES = 12;
const FOREVER = fileURLToPath(new URL('recordForever.ts', import.meta.url));

function fill({ log }: AuditBench, entries = ENTRIES): void {
  for (let number = 1; number <= entries; number++)
    log.record({ type: 'file.written', subject: `src/${number}.ts`, details: { task: number, before: null } });
}

const broken = async ({ log }: Pick<AuditBench, 'log'>) => (await log.verify()).broken;

describe('the audit log', () => {
  it('numbers entries without gaps, each with the hash of the one before, and who did it', async () => {
    using bench = await auditBench();
    const { log, actors, time } = bench;
    const start = time.now;
    log.record({ type: 'trust.set', subject: 'the folder', details: { trust: 'trusted' } });
    actors.during('hub', () => log.record({ type: 'api.stopped', subject: 'the API' }));
    await actors.during('task 7', async () => {
      await Promise.resolve();
      log.record({ type: 'command.begun', subject: 'npm test', details: { b: ['x', 'y'], a: 1 } });
    });
    log.record({ type: 'key.made', subject: 'x', actor: 'local' });
    const entries = log.list({ limit: 10 }).reverse();
    assert.deepEqual(
      entries.map(({ number, actor, at }) => [number, actor, at - start]),
      [1, 2, 3, 4].map((number) => [number, ['server', 'hub', 'task 7', 'local'][number - 1], number * 1000]),
    );
    assert.deepEqual(
      entries.map(({ previous }) => previous),
      ['0'.repeat(64), ...entries.slice(0, 3).map(({ hash }) => hash)],
    );
    assert.deepEqual(entries[2]?.details, { a: 1, b: ['x', 'y'] });
    const { entries: counted, head, broken } = await log.verify();
    assert.deepEqual([counted, head.number, head.hash, broken], [4, 4, entries[3]?.hash, null]);
  });

  it('is not changed and not shortened by SQL', async () => {
    using bench = await auditBench();
    fill(bench);
    for (const sql of [
      `UPDATE audit SET subject = 'x' WHERE number = 3`,
      'DELETE FROM audit WHERE number = 12',
      'DELETE FROM audit',
      'UPDATE audit_head SET number = 11',
      `UPDATE audit_head SET chain = 'x'`,
      'DELETE FROM audit_head',
    ])
      assert.throws(() => bench.db.exec(sql), /append-only/, sql);
    assert.equal(await broken(bench), null);
  });

  it('names the first entry that is not as it was written, whatever of it was changed', async () => {
    using bench = await auditBench();
    fill(bench);
    const { db } = bench;
    const change = fc.record({
      number: fc.integer({ min: 1, max: ENTRIES }),
      field: fc.constantFrom(...FIELDS),
      by: fc.oneof(fc.string(), fc.integer({ min: 0 }), fc.json()),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ number, field, by }) => {
        const value = field === 'details' ? JSON.stringify(by) : field === 'at' ? String(by).length : String(by);
        db.exec('SAVEPOINT whole');
        forge(db, () => db.prepare(`UPDATE audit SET ${field} = ? WHERE number = ?`).run(value, number));
        assert.deepEqual(await broken(bench), { number, what: 'altered' });
        db.exec('ROLLBACK TO whole');
      }),
      { seed: 8, numRuns: 120 },
    );
    forge(db, () => db.exec(`UPDATE audit SET details = ' ' || details WHERE number = 5`));
    assert.deepEqual(await broken(bench), { number: 5, what: 'altered' });
  });

  it('names what is missing, added, in another place, or cut off', async () => {
    using bench = await auditBench();
    fill(bench);
    const { db } = bench;
    const number = fc.integer({ min: 1, max: ENTRIES });
    const rolledBack = async (run: () => void, expected: unknown) => {
      db.exec('SAVEPOINT whole');
      try {
        forge(db, run);
        assert.deepEqual(await broken(bench), expected);
      } finally {
        db.exec('ROLLBACK TO whole');
      }
    };
    const swap = (one: number, other: number) => {
      const move = db.prepare('UPDATE audit SET number = ? WHERE number = ?');
      move.run(1000, one);
      move.run(one, other);
      move.run(other, 1000);
    };
    await fc.assert(
      fc.asyncProperty(number, number, async (one, other) => {
        const gone = { number: one, what: one === ENTRIES ? 'truncated' : 'missing' };
        await rolledBack(() => db.prepare('DELETE FROM audit WHERE number = ?').run(one), gone);
        const cut = { number: one, what: 'truncated' };
        await rolledBack(() => db.prepare('DELETE FROM audit WHERE number >= ?').run(one), cut);
        const first = { number: Math.min(one, other), what: 'reordered' };
        if (one !== other) await rolledBack(() => swap(one, other), first);
        const copy = `INSERT INTO audit SELECT ?, at, type, actor, subject, details, previous, hash FROM audit WHERE number = ?`;
        const added = ENTRIES + one;
        await rolledBack(() => db.prepare(copy).run(added, other), { number: added, what: 'inserted' });
        const shifted = () => {
          db.prepare('UPDATE audit SET number = number + 1000 WHERE number >= ?').run(one);
          db.prepare('UPDATE audit SET number = number - 999 WHERE number >= 1000').run();
          db.prepare(copy).run(one, one === 1 ? 3 : one - 1);
        };
        await rolledBack(shifted, { number: one, what: 'reordered' });
      }),
      { seed: 8, numRuns: 40 },
    );
  });

  it('is not convinced by a chain that was made anew without the key', async () => {
    using bench = await auditBench();
    fill(bench);
    using forged = await auditBench();
    fill(forged);
    forged.log.record({ type: 'token.shown', subject: 'another' });
    const rows = forged.db.prepare('SELECT * FROM audit').all();
    const head = forged.db.prepare('SELECT chain, number, hash FROM audit_head').get();
    forge(bench.db, () => {
      bench.db.exec('DELETE FROM audit');
      const insert = bench.db.prepare(
        'INSERT INTO audit VALUES (@number, @at, @type, @actor, @subject, @details, @previous, @hash)',
      );
      for (const row of rows) insert.run(row);
      bench.db.prepare('UPDATE audit_head SET chain = @chain, number = @number, hash = @hash').run(head);
    });
    assert.deepEqual(await broken(bench), { number: ENTRIES + 1, what: 'head' });
  });

  it('tells of any change of the head', async () => {
    using bench = await auditBench();
    fill(bench);
    const { db } = bench;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...HEAD), fc.integer({ min: 0, max: ENTRIES - 1 }), async (field, value) => {
        db.exec('SAVEPOINT whole');
        forge(db, () => db.prepare(`UPDATE audit_head SET ${field} = ?`).run(value));
        assert.notEqual(await broken(bench), null, `${field} = ${value}`);
        db.exec('ROLLBACK TO whole');
      }),
      { seed: 8, numRuns: 60 },
    );
  });

  it('does not heal: who goes on behind a break leaves it to be seen', async () => {
    for (const [damage, expected] of [
      ['DELETE FROM audit WHERE number > 9', { number: 10, what: 'missing' }],
      [`UPDATE audit_head SET seal = 'x'`, { number: ENTRIES + 2, what: 'head' }],
      ['DELETE FROM audit_head', { number: 1, what: 'altered' }],
      [
        'DELETE FROM audit WHERE number > 9; UPDATE audit_head SET number = 9, hash = (SELECT hash FROM audit WHERE number = 9)',
        { number: 11, what: 'head' },
      ],
    ] as const) {
      using bench = await auditBench();
      fill(bench);
      forge(bench.db, () => bench.db.exec(damage));
      fill(bench, 2);
      assert.deepEqual(await broken(bench), expected, damage);
    }
  });

  it('goes with what it records: both are there or neither', async () => {
    using bench = await auditBench();
    const transact = createTransact(bench.db);
    assert.throws(() =>
      transact(() => {
        bench.log.record({ type: 'trust.set', subject: 'x' });
        throw new Error('no');
      }),
    );
    fill(bench, 1);
    assert.deepEqual((await bench.log.verify()).entries, 1);
  });

  it('takes the entries of several servers in the order of their commits', async () => {
    using bench = await auditBench();
    using other = await bench.another();
    for (let round = 0; round < 10; round++) {
      fill(bench, 2);
      fill({ ...bench, ...other }, 1);
    }
    assert.deepEqual([(await other.log.verify()).entries, await broken(bench)], [30, null]);
  });

  it('is whole after kill -9 of two servers that write at one time, with all that they said was in it', async () => {
    using bench = await auditBench();
    for (let round = 0; round < 3; round++) {
      const before = bench.log.head().number;
      const servers = [1, 2].map(() =>
        spawn(process.execPath, [FOREVER, bench.file, KEY], { stdio: ['ignore', 'pipe', 'inherit'] }),
      );
      let said = 0;
      const both = servers.map(async (server) => {
        let own = 0;
        for await (const chunk of server.stdout) {
          own += (chunk as Buffer).length;
          said += (chunk as Buffer).length;
          if (own > 20 + 30 * round) server.kill('SIGKILL');
        }
      });
      await Promise.all(both);
      const { number } = bench.log.head();
      assert.ok(number - before >= said && number - before <= said + 2, `${number - before} entries, ${said} said`);
      assert.equal(await broken(bench), null);
    }
    const writers = new Set(bench.log.list({ limit: 1000 }).map(({ details }) => details['process']));
    assert.equal(writers.size, 6);
  });

  it('is pruned up to a checkpoint, and can be verified as before', async () => {
    using bench = await auditBench();
    fill(bench);
    const { log, db } = bench;
    const [, , ninth] = log.list({ limit: 4 }).slice(1);
    assert.equal(log.prune(ninth?.at ?? 0), 8);
    assert.equal(log.prune(ninth?.at ?? 0), 0);
    const { entries, head, broken: found } = await log.verify();
    assert.deepEqual([entries, head.number, head.pruned, found], [5, 13, 8, null]);
    const [checkpoint] = log.list({ limit: 1 });
    assert.deepEqual(checkpoint?.details, { entries: 8, hash: ninth?.previous, upTo: 8 });
    fill(bench);
    assert.equal(log.prune(log.list({ limit: 1 })[0]?.at ?? 0), 16);
    assert.equal(await broken(bench), null);
    assert.throws(() => db.exec('DELETE FROM audit WHERE number = 25'), /append-only/);
    forge(db, () => db.exec('DELETE FROM audit WHERE number = 25'));
    assert.deepEqual(await broken(bench), { number: 25, what: 'missing' });
  });

  it('finds entries by time and by what they are about', async () => {
    using bench = await auditBench();
    const { log } = bench;
    fill(bench, 3);
    log.record({ type: 'key.rotated', subject: 'x' });
    log.record({ type: 'key.made', subject: 'x' });
    const types = (...wanted: string[]) => log.list({ limit: 9, types: wanted }).map(({ type }) => type);
    assert.deepEqual(types('key'), ['key.made', 'key.rotated']);
    assert.deepEqual(types('key.made', 'fil'), ['key.made']);
    const [, last] = log.list({ limit: 2 });
    assert.equal(log.list({ limit: 9, since: last?.at }).length, 2);
    assert.deepEqual(
      log.list({ limit: 2, before: 3 }).map(({ number }) => number),
      [2, 1],
    );
  });

  it('is sealed anew where the database gets another key, and only if it was whole', async () => {
    using bench = await auditBench();
    fill(bench);
    const next = 'b2'.repeat(48);
    resealAudit(bench.db, { from: KEY, to: next });
    resealAudit(bench.db, { from: KEY, to: next });
    assert.deepEqual(await broken(bench), { number: ENTRIES, what: 'head' });
    bench.db.pragma('journal_mode = DELETE');
    bench.db.pragma(`rekey = "x'${next}'"`);
    using other = await bench.another(next);
    assert.equal(await broken(other), null);
    forge(other.db, () => other.db.exec(`UPDATE audit_head SET seal = 'x'`));
    resealAudit(other.db, { from: next, to: KEY });
    assert.deepEqual(await broken(other), { number: ENTRIES, what: 'head' });
  });
});
