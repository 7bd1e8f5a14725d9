import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { type HubInBrowser, openHub } from '../support/hub/hub.ts';
import { loopbackServer } from '../support/loopback.ts';
import { oneToolServer } from '../support/oneToolServer.ts';
import { ended } from '../support/server.ts';

describe('pages of the hub over a server at work', { timeout: 300_000 }, () => {
  let hub: HubInBrowser;
  let page: Page;
  before(async () => {
    hub = await openHub({ settings: { retentionDays: 7 } });
    page = hub.page;
    page.setDefaultTimeout(15_000);
  });
  after(() => hub[Symbol.asyncDispose]());
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const press = (name: string) => button(name).click();
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  const choose = async (name: string, option: string) => {
    await page.getByRole('combobox', { name }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };

  it('a schedule is made, refused, edited, run, and its ledger says what became of it', async () => {
    await hub.go('schedules');
    await page.getByRole('heading', { name: 'No schedules yet' }).waitFor();
    await press('New schedule');
    await press('Make the schedule');
    await page.getByText('Write what is to be done.').waitFor();
    await field('What is to be done').fill('What is RETRY_MAX for?');
    await choose('Kind of task', 'ask: answers');
    await field('Cron expression').fill('every full moon');
    await press('Make the schedule');
    await page.getByRole('alert').getByText('invalid_params').waitFor();
    await hub.look('schedules-form', ['narrow']);
    await page.getByRole('button', { name: /^Every weekday/ }).click();
    await press('Make the schedule');
    const list = page.getByRole('list', { name: 'Schedules' });
    await list.getByRole('button', { name: /What is RETRY_MAX for\?.*next/ }).click();
    await page.getByText('It was never due yet.').waitFor();

    await press('Run now');
    const ledger = page.getByRole('list', { name: 'Due times' });
    await ledger.getByRole('button', { name: /gave a task.*open the task/ }).waitFor();
    await page
      .getByRole('status')
      .getByRole('button', { name: /^task \d+/ })
      .waitFor();
    const { schedules } = await hub.client.request('schedule/list', {});
    const { runs } = await hub.client.request('schedule/runs', { scheduleId: schedules[0]?.id ?? '' });
    deepEqual(
      runs.map(({ outcome }) => outcome),
      ['submitted'],
    );
    await ended(hub.client, runs[0]?.taskId ?? '');
    await hub.look('schedules-ledger', ['wide']);

    await press('Switch off');
    await list.getByRole('button', { name: /off/ }).waitFor();
    await press('Edit');
    equal(await field('What is to be done').inputValue(), 'What is RETRY_MAX for?');
    await field('What is to be done').fill('What is RETRY_MIN for?');
    await press('Replace the schedule');
    await list.getByRole('button', { name: /RETRY_MIN/ }).waitFor();
    const replaced = (await hub.client.request('schedule/list', {})).schedules;
    deepEqual(
      replaced.map(({ template, when }) => [template.instruction, when]),
      [['What is RETRY_MIN for?', schedules[0]?.when]],
    );
    await list.getByRole('button', { name: /RETRY_MIN/ }).click();
    await press('Remove');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { name: 'No schedules yet' }).waitFor();
  });

  it('an MCP server of the folder waits for an agreement to exactly what it runs', async () => {
    const program = join(hub.workspace, 'one-server.cjs');
    writeFileSync(
      program,
      oneToolServer({ name: 'weather', description: 'Tells <b>it</b>.', annotations: { readOnlyHint: true } }),
    );
    mkdirSync(join(hub.workspace, '.vscode'), { recursive: true });
    const one = { command: process.execPath, args: [program] };
    const gone = { command: join(hub.workspace, 'no-such-program') };
    writeFileSync(join(hub.workspace, '.vscode/mcp.json'), JSON.stringify({ servers: { one, gone, wrong: {} } }));
    await hub.go('mcp');
    const agreement = page.getByText('Let agents use the MCP server one?');
    await agreement.waitFor();
    await page
      .getByRole('list', { name: 'What cannot be used' })
      .getByText(/^wrong/)
      .waitFor();
    match((await page.locator('pre').first().textContent()) ?? '', /one-server\.cjs/);
    await hub.look('mcp-agreement', ['narrow']);
    await page.getByRole('checkbox', { name: /Believe which/ }).click();
    await press('Agree to exactly this');
    await press('Start it now');
    const tools = page.getByRole('region', { name: 'Tools' });
    await tools.getByText('weather').waitFor();
    ok((await tools.textContent())?.includes('Tells <b>it</b>.'), 'what it says is shown as it is');
    await tools.getByText('says that it only reads').waitFor();
    await press('Show its log');
    await page.getByText('it was greeted').waitFor();
    await hub.look('mcp-tools', ['wide']);
    await press('Take the agreement back');
    await agreement.waitFor();
    equal((await hub.client.request('mcp/list', {})).servers.find(({ name }) => name === 'one')?.state, 'unasked');

    await page.getByRole('list', { name: 'MCP servers' }).getByRole('button', { name: /^gone/ }).click();
    await press('Agree to exactly this');
    await press('Start it now');
    await page
      .getByRole('list', { name: 'MCP servers' })
      .getByRole('button', { name: /^gone.*failed/ })
      .waitFor();
  });

  it('nothing left this machine, until a pull did, which is on record', async () => {
    await hub.go('privacy');
    await page.getByText('Nothing ever left this machine.').waitFor();
    const kept = page.getByRole('list', { name: 'What is kept' });
    await kept.getByText(/1 task\b/).waitFor();
    await kept.getByText(/goes 7 days after a task has ended/).waitFor();
    await page.getByText(/^The key of this folder’s database is in a file/).waitFor();
    await page.getByText(/^This browser, too, keeps a copy/).waitFor();
    await page.getByText(/^Programs of this machine can ask this server at/).waitFor();

    await using site = await loopbackServer((_request, response) => response.writeHead(404).end());
    const { pull } = await hub.client.request('pull/start', { source: `${site.origin}/model.gguf` });
    while ((await hub.client.request('pull/show', { pullId: pull.id })).pull.state !== 'failed');
    await press('Look again');
    const row = page.getByRole('list', { name: 'Connections' }).getByRole('listitem').first();
    await row.waitFor();
    match((await row.textContent()) ?? '', new RegExp(`${site.host}.* out, .* in.*model\\.gguf`));
    await hub.look('privacy-egress', ['narrow']);
    const log = page.getByRole('list', { name: 'Audit log' });
    await press('Verify');
    await page.getByText(/^The log of this folder is whole: entry \d+ is the last/).waitFor();
    await page.getByText(/^The log of this user is whole/).waitFor();
    await choose('What is shown', 'Connections and models');
    const asked = log.getByRole('listitem').filter({ hasText: 'a model was asked for' });
    match((await asked.textContent()) ?? '', /model\.gguf/);
    await log.scrollIntoViewIfNeeded();
    await hub.look('privacy-audit');
  });

  it('a folder that is not trusted is only read, and a backup is written and put back', async () => {
    await press('Let tasks only read here');
    await page.getByText('You do not trust this folder: tasks only read in it.').waitFor();
    equal((await hub.client.request('server/status', {})).trust, 'untrusted');
    await press('I trust this folder');
    await page.getByText(/^You trust this folder/).waitFor();
    const file = join(hub.workspace, 'backup.db');
    await field('Absolute path of the file').fill(file);
    await press('Back up');
    await page.getByText(/^Written: 1 task,/).waitFor();
    ok(existsSync(file) && !readFileSync(file).includes('RETRY_MAX'), 'it is encrypted');
    await press('Back up');
    await page
      .getByRole('alert')
      .getByText(/already|there/)
      .waitFor();
    await press('Restore');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByText(/^Restored: 1 task\./).waitFor();
    await page.getByText('A database that a backup replaced').waitFor();
  });

  it('settings say what they are and who chose them; rules are added and removed', async () => {
    await hub.go('settings');
    const settings = page.getByRole('list', { name: 'Settings' });
    const days = settings.getByRole('listitem').filter({ hasText: 'retentionDays' });
    await days.getByText('from the program that started it (default: 30)').waitFor();
    await page.getByRole('tab', { name: 'Rules of approvals' }).click();
    await page.getByRole('heading', { name: 'No rules yet' }).waitFor();
    await field('Command').fill('npm test *');
    await press('Add');
    const rules = page.getByRole('list', { name: 'Rules' });
    await rules.getByText('run_command: npm test *').waitFor();
    await choose('What happens', 'deny');
    await choose('Where', 'in all folders');
    await field('Command').fill('git push *');
    await press('Add');
    await rules.getByText('in all folders, by you').waitFor();
    const written = (await hub.client.request('approval/rules', {})).rules;
    deepEqual(
      written.map(({ source, does, command }) => [source, does, command]),
      [
        ['workspace', 'allow', 'npm test *'],
        ['user', 'deny', 'git push *'],
      ],
    );
    await hub.look('settings-rules', ['narrow']);
    await press('Remove the rule run_command: git push *');
    await rules.getByText('git push *').waitFor({ state: 'detached' });
    await press('Remove the rule run_command: npm test *');
    await page.getByRole('heading', { name: 'No rules yet' }).waitFor();
    deepEqual((await hub.client.request('approval/rules', {})).rules, []);
  });

  it('says that the server is gone, and shows what was last heard', async () => {
    await hub.go('privacy');
    await page.getByRole('list', { name: 'What is kept' }).waitFor();
    // Later ones are of a browser that cannot connect.
    deepEqual(hub.complaints, []);
    await hub.server.kill();
    await page.getByRole('button', { name: 'Connect now' }).waitFor();
    ok(await page.getByRole('list', { name: 'What is kept' }).isVisible());
    await page.getByRole('link', { name: 'Schedules' }).click();
    await page.getByRole('heading', { name: 'No schedules yet' }).waitFor();
    ok(await page.getByRole('button', { name: 'Connect now' }).isVisible());
    await hub.look('offline', ['wide']);
  });
});
