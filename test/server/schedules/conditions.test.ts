import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { methods } from '../../../protocol/index.ts';
import { createConditions } from '../../../server/schedules/conditions.ts';
import { createIdleProbe } from '../../../server/schedules/idle.ts';
import { createMainsProbe } from '../../../server/schedules/mains.ts';
import { tempFolder } from '../../support/temp.ts';
import { every, MINUTE, openWorkspace, params } from './fixture.ts';

describe('idle', { timeout: 60_000 }, () => {
  it('is a machine at rest with no task of a person in the last ten minutes', async () => {
    await using workspace = await openWorkspace();
    const { db, queue } = await workspace.server();
    let load = 0.1;
    const idle = createIdleProbe({ db, now: workspace.now, load: () => load });
    assert.equal(await idle(), true);
    load = 0.5;
    assert.equal(await idle(), false);
    load = 0.49;
    const task = { ...params({ when: every('* * * * *') }).template, dependsOn: [], priority: 0, notBefore: 0 };
    queue.submit({ ...task, maxAttempts: 3, id: 'a' });
    assert.equal(await idle(), false);
    await workspace.time.pass(10 * MINUTE);
    assert.equal(await idle(), true);
    assert.equal(queue.claim('here', MINUTE)?.task.id, 'a');
    assert.equal(await idle(), false, 'one runs');
  });

  it('is not ended by tasks of schedules', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.start();
    server.schedules.create(params({ when: every('* * * * *') }));
    await workspace.time.pass(MINUTE);
    assert.notEqual(server.queue.claim('here', MINUTE), null);
    const [parent] = server.queue.list({ limit: 1 }).tasks;
    const part = methods['task/submit'].params.parse({ instruction: 'A part.', parentId: parent?.id });
    server.queue.submit(part);
    assert.notEqual(server.queue.claim('here', MINUTE), null);
    assert.equal(await createIdleProbe({ db: server.db, now: workspace.now, load: () => 0 })(), true);
  });
});

describe('mains power', () => {
  const supplies: [what: string, folders: Record<string, Record<string, string>>, holds: boolean][] = [
    ['nothing is known', {}, true],
    [
      'the adapter is plugged in',
      { AC: { type: 'Mains', online: '1' }, BAT0: { type: 'Battery', status: 'Charging' } },
      true,
    ],
    [
      'the adapter is not',
      { AC: { type: 'Mains', online: '0' }, BAT0: { type: 'Battery', status: 'Discharging' } },
      false,
    ],
    ['it charges over USB', { ucsi: { type: 'USB', online: '1' }, BAT0: { type: 'Battery', status: 'Full' } }, true],
    ['there is but a full battery', { BAT0: { type: 'Battery', status: 'Full' } }, true],
    ['a mouse runs down', { hid: { type: 'Battery', status: 'Discharging', scope: 'Device' } }, true],
    ['a UPS runs down', { ups: { type: 'UPS', status: 'Discharging' } }, false],
  ];
  for (const [what, folders, holds] of supplies)
    it(`on Linux when ${what}: ${holds}`, async () => {
      using temp = tempFolder('power');
      for (const [supply, facts] of Object.entries(folders)) {
        mkdirSync(join(temp.path, supply));
        for (const [name, text] of Object.entries(facts)) writeFileSync(join(temp.path, supply, name), `${text}\n`);
      }
      assert.equal(await createMainsProbe({ platform: 'linux', folder: temp.path })(), holds);
    });

  const answers: [platform: NodeJS.Platform, program: string, answer: string, holds: boolean][] = [
    ['darwin', 'pmset', "Now drawing from 'AC Power'\n -InternalBattery-0 100%; charged;\n", true],
    ['darwin', 'pmset', "Now drawing from 'Battery Power'\n -InternalBattery-0 80%; discharging;\n", false],
    ['win32', 'powershell.exe', '2\r\n', true],
    ['win32', 'powershell.exe', '1\r\n', false],
    ['win32', 'powershell.exe', '', true],
  ];
  for (const [platform, program, answer, holds] of answers)
    it(`on ${platform} when it answers ${JSON.stringify(answer)}: ${holds}`, async () => {
      const ask = async (asked: string) => {
        assert.equal(asked, program);
        return answer;
      };
      assert.equal(await createMainsProbe({ platform, ask })(), holds);
    });

  it('counts as there when it cannot be asked', async () => {
    const mains = createMainsProbe({ platform: 'darwin', ask: () => Promise.reject(new Error('ENOENT')) });
    const conditions = createConditions({ idle: () => false, mains });
    assert.deepEqual(await conditions.holding(new Set(['idle', 'mains'])), new Set(['mains']));
    assert.deepEqual(await conditions.holding(new Set()), new Set());
    // Whatever this machine is: it has an answer.
    assert.equal(
      typeof (await createMainsProbe({ platform: 'linux', folder: '/sys/class/power_supply' })()),
      'boolean',
    );
  });
});
