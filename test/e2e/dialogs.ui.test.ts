import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createSocketCarrier } from '../../cli/socketCarrier.ts';
import { type Client, createClient, type Schedule, type Task } from '../../protocol/index.ts';
import { dataFolder } from '../../server/storage/dataFolder.ts';
import { ended } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';
import { openWindow, type VscodeWindow } from '../support/vscode/window.ts';

const vsix = process.env['OSPAIN2_TEST_VSIX'];
const WORK = 'Set RETRY_MAX to 5 in src/limits.ts.';
const IMPOSSIBLE = 'Set NOT_THERE to 5 in src/limits.ts.';

/** What only a person sees: questions, lists of choices, dialogs. A client of the same server tells what came of them. */
describe('questions and lists', { timeout: 300_000 }, () => {
  const workspace = sampleWorkspace();
  const files = tempFolder('backups');
  let window: VscodeWindow;
  let client: Client;

  before(async () => {
    assert.ok(vsix !== undefined, 'OSPAIN2_TEST_VSIX names the packaged extension');
    window = await openWindow({ vsix, workspace: workspace.path, timeoutMs: 60_000 });
    mkdirSync(join(files.path, 'beside'));
    await window.openView('OSPAiN2');
    await window.palette('OSPAiN2: Pause Queue');
    await window.page.locator('.part.statusbar', { hasText: 'OSPAiN2: queue paused' }).waitFor();
    const { product, root } = window.folders;
    const place = { OSPAIN2_DATA_DIR: product, XDG_RUNTIME_DIR: join(root, 'run') };
    const carrier = createSocketCarrier(dataFolder(workspace.path, place).socket);
    await carrier.subscribed();
    client = createClient(carrier);
  });
  after(async () => {
    await client?.close();
    await window?.dispose();
    workspace[Symbol.dispose]();
    files[Symbol.dispose]();
  });

  const submit = async (instruction: string): Promise<Task> =>
    (await client.request('task/submit', { id: randomUUID(), instruction })).task;
  const statusOf = async ({ id }: Task) => (await client.request('task/show', { taskId: id })).task.status;
  const schedules = async (): Promise<Schedule[]> => (await client.request('schedule/list', {})).schedules;

  test('a schedule is made question by question, and a bad expression is asked for again', async () => {
    await window.expandView('Schedules');
    await window.palette('OSPAiN2: New Schedule…');
    await window.question('New Schedule: change files');
    await window.quickInput(WORK);
    await window.question('When is it due?');
    await window.quickPick('Cron expression…');
    await window.page.getByPlaceholder('For example: 0 6 * * MON-FRI').waitFor();
    await window.quickInput('61 2 * * *');
    await window.question('What must also hold?');
    await window.screenshot('schedule-conditions');
    await window.quickPicks(['On mains power']);
    await window.question('What becomes of due times');
    await window.quickPick('Leave them out');
    await window.page.locator('.quick-input-widget', { hasText: 'The cron expression is wrong' }).waitFor();
    await window.screenshot('schedule-refused');
    await window.quickInput('30 2 * * *');
    await window.treeRow(`#1 ${WORK}`);
    await window.screenshot('schedule-made');
    const [made, ...others] = await schedules();
    assert.ok(made !== undefined && others.length === 0);
    assert.deepEqual([made.conditions, made.misfire, made.template.kind], [['mains'], 'skip', 'agent']);
    assert.ok('cron' in made.when && made.when.cron === '30 2 * * *');
  });

  test('whoever leaves a question makes no schedule', async () => {
    await window.palette('OSPAiN2: New Schedule…');
    await window.question('New Schedule');
    await window.quickInput('Left half way');
    await window.question('When is it due?');
    await window.page.keyboard.press('Escape');
    await window.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    assert.equal((await schedules()).length, 1);
  });

  test('a schedule is switched off and on from lists that hold what fits', async () => {
    await window.palette('OSPAiN2: Switch Schedule Off');
    await window.question('Switch which schedule off?');
    await window.quickPick(`#1 ${WORK}`);
    await window.treeRow('off · never ran');
    await window.palette('OSPAiN2: Switch Schedule Off');
    await window.toast('No schedule is on.');
    await window.contextMenu(await window.treeRow('off · never ran'), 'Switch Schedule On');
    await window.treeRow('next ');
    assert.deepEqual(
      (await schedules()).map(({ enabled }) => enabled),
      [true],
    );
  });

  test('a schedule is removed once that was confirmed', async () => {
    const row = await window.treeRow('next ');
    await window.contextMenu(row, 'Remove Schedule…');
    await window.modal('Remove schedule 1?', 'Cancel');
    assert.equal((await schedules()).length, 1);
    await window.contextMenu(row, 'Remove Schedule…');
    await window.screenshot('schedule-remove');
    await window.modal('Remove schedule 1?', 'Remove');
    await row.waitFor({ state: 'hidden' });
    assert.equal((await schedules()).length, 0);
  });

  test('tasks are chosen from a list, several at once', async () => {
    const one = await submit(WORK);
    const two = await submit(IMPOSSIBLE);
    const [first, second] = [`#${one.number} ${WORK}`, `#${two.number} ${IMPOSSIBLE}`];
    await window.treeRow(second);
    await window.palette('OSPAiN2: Pause Task');
    await window.question('Pause which tasks?');
    await window.quickPicks([first, second]);
    await window.treeRow('paused by a person');
    assert.deepEqual([await statusOf(one), await statusOf(two)], ['paused', 'paused']);
    await window.palette('OSPAiN2: Pause Task');
    await window.toast('No task is running or waiting.');
    await window.palette('OSPAiN2: Duplicate Task');
    await window.question('Duplicate which tasks?');
    await window.screenshot('duplicate');
    await window.quickPicks([first]);
    const copy = `#${two.number + 1} ${WORK}`;
    await window.treeRow(copy);
    await window.palette('OSPAiN2: Cancel Task');
    await window.question('Cancel which tasks?');
    await window.quickPicks([first, copy]);
    await window.treeRow(/cancelled/);
    await window.palette('OSPAiN2: Resume Task');
    await window.question('Resume which tasks?');
    await window.quickPicks([second]);
    await client.request('queue/resume', {});
    assert.equal((await ended(client, two.id)).error?.message, 'There is no NOT_THERE in src/limits.ts.');
  });

  test('a failed task goes on from the step that a person chooses', async () => {
    const { tasks } = await client.request('task/list', {});
    const failed = tasks.find(({ status }) => status === 'failed');
    assert.ok(failed);
    await window.treeRow('failed');
    await window.palette('OSPAiN2: Retry Task from Step…');
    await window.question('Retry which task?');
    await window.quickPick(`#${failed.number} ${IMPOSSIBLE}`);
    await window.question(`Retry Task ${failed.number}`);
    await window.screenshot('retry-from');
    const resumed = Promise.withResolvers<number>();
    const stop = client.on('task/didEvent', ({ event }) => {
      if (event.type === 'resumed') resumed.resolve(event.data.step);
    });
    await window.quickPick('Again from step 2');
    assert.equal(await resumed.promise, 1, 'one step is kept');
    stop();
    assert.equal((await ended(client, failed.id)).status, 'failed');
  });

  test('a message whose proposal was decided elsewhere does no harm', async () => {
    const limits = join(workspace.path, 'src/limits.ts');
    const before = readFileSync(limits, 'utf8');
    await window.palette('Notifications: Clear All Notifications');
    await window.palette('OSPAiN2: New Task…');
    await window.question('New Task');
    await window.quickInput(WORK);
    const proposes = await window.toast('proposes a change');
    const row = await window.treeRow('to review');
    await window.contextMenu(row, 'Accept Proposal');
    const accepted = await window.toast(/was accepted: src/);
    await proposes.getByRole('button', { name: 'Accept' }).click();
    const late = await window.toast('was accepted already.');
    await window.screenshot('late-accept');
    await late.getByRole('button', { name: 'Undo' }).click();
    await window.treeRow('undone');
    assert.equal(readFileSync(limits, 'utf8'), before);
    await accepted.getByRole('button', { name: 'Undo' }).click();
    await window.toast('was undone already.');
    assert.equal(await window.page.locator('.notifications-toasts .codicon-error').count(), 0);
  });

  test('the proposal in front is not taken for the task that a command needs', async () => {
    await window.contextMenu(await window.treeRow('undone'), 'Review Proposal');
    await window.page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    await window.palette('OSPAiN2: Retry Task');
    await window.question('Retry which tasks?');
    await window.screenshot('retry-which');
    await window.page.keyboard.press('Escape');
  });

  test('a backup is written and restored, each where the person says', async () => {
    const file = join(files.path, 'all.db');
    await client.request('queue/pause', {});
    const waiting = await submit(WORK);
    await window.palette('OSPAiN2: Back Up Tasks…');
    await window.fileDialog('Back Up All Tasks', file, 'beside');
    await window.toast('The file opens only with this workspace');
    assert.equal(statSync(file).mode & 0o777, 0o600);

    await client.request('task/cancel', { taskId: waiting.id });
    const later = await submit(WORK);
    const row = await window.treeRow(`#${later.number} `);
    const restore = async (button: string) => {
      await window.palette('OSPAiN2: Restore Backup…');
      await window.fileDialog('Restore Backup', file, 'beside');
      await window.modal('Restore all tasks of this workspace', button);
    };
    await client.request('queue/resume', {});
    await ended(client, later.id);
    await restore('Cancel');
    assert.ok(await row.isVisible());
    await restore('Restore');
    const told = await window.toast(`Restored: ${waiting.number} tasks. The queue is paused`);
    await row.waitFor({ state: 'hidden' });
    await window.screenshot('restored');
    assert.equal(await statusOf(waiting), 'pending');
    await told.getByRole('button', { name: 'Resume Queue' }).click();
    assert.equal((await ended(client, waiting.id)).status, 'done');
  });

  test('a backup is never written over a file that is there, whatever VS Code offers', async () => {
    const file = join(files.path, 'taken.db');
    writeFileSync(file, 'something else');
    await window.palette('OSPAiN2: Back Up Tasks…');
    await window.fileDialog('Back Up All Tasks', file, 'beside');
    await window.question('taken.db already exists');
    await window.page.keyboard.press('Enter');
    await window.toast('it stays as it is');
    assert.equal(readFileSync(file, 'utf8'), 'something else');
    assert.deepEqual(readdirSync(files.path).sort(), ['all.db', 'beside', 'taken.db']);
  });
});
