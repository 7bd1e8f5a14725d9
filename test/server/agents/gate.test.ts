import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Approval, Task, TaskEvent } from '../../../protocol/index.ts';
import { defineTool, right, type Tool } from '../../../server/agents/tools/tool.ts';
import type { Death } from './mortal.ts';
import { type Ended, openWorkbench, steady, type Workbench } from './workbench.ts';

const files = { 'a.txt': 'one\n' };
const run = (command: string) => JSON.stringify({ tool: 'run_command', command });
const ask = '{"tool":"ask_person","question":"Which port?"}';
const finish = '{"tool":"finish","outcome":"done"}\nDone.';
const failed = '{"tool":"finish","outcome":"failed"}\nI may not.';
const edit = '{"tool":"edit_file","path":"a.txt"}\n<<<<<<< SEARCH\none\n=======\ntwo\n>>>>>>> REPLACE';

/** A tool that acts, and what it was asked to do. */
function actor(): { tool: Tool; ran: string[] } {
  const ran: string[] = [];
  const tool = defineTool({
    name: 'run_command',
    header: { command: 'text' },
    body: 'none',
    example: { command: 'npm test' },
    does: 'runs a command.',
    effect: 'act',
    family: 'commands',
    about: ({ command }) => ({ command: { line: String(command), shell: 'posix', sandboxed: false } }),
    words: ({ command }) => ({ doing: `running ${command}`, what: `run ${command}` }),
    run({ command }, { agreed }) {
      ran.push(command);
      return right(`ran, ${agreed ? 'agreed' : 'on its own'}`);
    },
  }) as Tool;
  return { tool, ran };
}

interface Scene extends AsyncDisposable {
  at: Workbench;
  ran: string[];
  task: Task;
  /** Works the task until it waits or has ended. */
  go(): Promise<Ended>;
  open(): Approval;
}

async function scene(answers: readonly string[], wishes: Partial<Task> = {}, trust?: 'untrusted'): Promise<Scene> {
  const { tool, ran } = actor();
  const at = await openWorkbench(files, { also: [tool], ...(trust ? { trust } : {}) });
  const task = at.submit({ instruction: 'Work', ...(wishes.autoAccept ? { autoAccept: wishes.autoAccept } : {}) });
  return {
    ...{ at, ran, task },
    go: () => at.work(steady(answers), task.id),
    open() {
      const [approval] = at.approvals.list({ status: ['open'], limit: 10 });
      assert.ok(approval, 'something waits for an answer');
      return approval;
    },
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}

const resultsOf = (events: readonly TaskEvent[]) =>
  events.flatMap(({ type, data }) => (type === 'result' ? [`${data.ok ? 'ok' : 'error'}: ${data.text}`] : []));

describe('the gate', { timeout: 120_000 }, () => {
  it('parks a task that would act, and makes the call that was allowed', async () => {
    await using scenery = await scene([run('npm test'), finish]);
    const { at, go, ran, task } = scenery;
    const parked = await go();
    assert.deepEqual(
      [parked.task.status, parked.task.waits, parked.task.attempts],
      ['paused', 'waits for your approval: run npm test', 0],
    );
    const { id, text, kind, reasons, rules } = scenery.open();
    assert.deepEqual([id, text, kind], [parked.task.approval, 'npm test', 'call']);
    assert.deepEqual(reasons, ['It does not run in a sandbox.']);
    assert.deepEqual(rules, [{ tool: 'run_command', command: 'npm test', does: 'allow' }]);
    assert.deepEqual(ran, []);
    at.approvals.answer({ approvalId: id, answer: 'allow' });
    const { events, types } = await go();
    assert.deepEqual(ran, ['npm test']);
    assert.deepEqual(resultsOf(events), ['ok: ran, agreed']);
    assert.ok(types.includes('begun'));
    assert.equal(at.queue.get(task.id).status, 'done');
  });

  it('tells the model that the person said no, and why', async () => {
    await using scenery = await scene([run('npm test'), finish]);
    await scenery.go();
    scenery.at.approvals.answer({ approvalId: scenery.open().id, answer: 'deny', text: 'Use\nmake.' });
    const { events } = await scenery.go();
    assert.deepEqual(resultsOf(events), ['error: the person did not allow this: Use make.']);
    assert.deepEqual(scenery.ran, []);
  });

  it('asks each time for what nobody remembered, and never again for what somebody did', async () => {
    await using scenery = await scene([run('make'), run('make'), run('npm test'), run('npm test'), finish]);
    const answers = [{}, {}, { remember: 'task' as const }];
    for (const more of answers) {
      await scenery.go();
      scenery.at.approvals.answer({ approvalId: scenery.open().id, answer: 'allow', ...more });
    }
    const { task, events } = await scenery.go();
    assert.equal(task.status, 'done');
    assert.deepEqual(scenery.ran, ['make', 'make', 'npm test', 'npm test']);
    assert.deepEqual(events.flatMap(({ type, data }) => (type === 'begun' ? [data.why] : [])).slice(-1), [
      'allowed by a rule remembered for this task: `npm test`',
    ]);
  });

  it('lets the level decide where no rule does, and asks about what is destructive', async () => {
    await using scenery = await scene([run('npm test'), run('rm -rf ~'), finish], { autoAccept: 'allButDestructive' });
    await scenery.go();
    assert.deepEqual([scenery.ran, scenery.open().text], [['npm test'], 'rm -rf ~']);
    assert.deepEqual(scenery.open().rules, [], 'a yes to this is not remembered');
  });

  it('gives a question to the person, and the answer to the model', async () => {
    await using scenery = await scene([ask, finish]);
    const { task } = await scenery.go();
    assert.equal(task.waits, 'waits for your answer: ask: Which port?');
    assert.deepEqual([scenery.open().kind, scenery.open().text], ['question', 'Which port?']);
    scenery.at.approvals.answer({ approvalId: scenery.open().id, answer: 'allow', text: '8080\nor so' });
    assert.deepEqual(resultsOf((await scenery.go()).events), ['ok: 8080\nor so']);
  });

  it('lets nothing happen in a folder that is not trusted', async () => {
    const answers = ['{"tool":"read_file","path":"a.txt","from":1,"to":9}', edit, run('ls'), ask, failed];
    await using scenery = await scene(answers, { autoAccept: 'allButDestructive' }, 'untrusted');
    const { task, events } = await scenery.go();
    const refused = 'error: this folder is not trusted, so its files can be read and nothing else can be done';
    assert.deepEqual(resultsOf(events), ['ok: one', refused, refused, refused]);
    assert.deepEqual([task.proposal, scenery.ran], [null, []]);
  });

  it('asks anew when the task was ended and tried again', async () => {
    await using scenery = await scene([run('npm test'), finish]);
    const { at, task } = scenery;
    await scenery.go();
    const first = scenery.open().id;
    at.queue.cancel(task.id);
    assert.equal(at.approvals.show(first).status, 'dropped');
    at.queue.retry(task.id, at.queue.steps(task.id).length + 1);
    await scenery.go();
    assert.notEqual(scenery.open().id, first);
    at.queue.resume(task.id);
    await scenery.go();
    assert.equal(at.approvals.list({ limit: 10 }).length, 2, 'who only resumes it is asked the same');
  });

  it('an answer of one run is not used by a run that begins anew', async () => {
    await using scenery = await scene([run('npm test'), finish]);
    const { at, task } = scenery;
    await scenery.go();
    at.approvals.answer({ approvalId: scenery.open().id, answer: 'allow' });
    at.queue.cancel(task.id);
    at.queue.retry(task.id);
    await scenery.go();
    assert.equal(scenery.open().status, 'open');
    assert.deepEqual(scenery.ran, []);
  });

  it('killed at any moment, a call that acts is made once, or asked about again', async () => {
    const answers = [run('npm test'), finish];
    for (let event = 1; event <= 6; event++)
      for (const when of ['before', 'inside'] as const) {
        await using scenery = await scene(answers);
        const { at, task, ran } = scenery;
        const death: Death = { when, event };
        // Before the answer: turn, call, approval. Behind it: begun, result.
        if (event <= 3) await at.workUntil(death, steady(answers), task.id);
        await scenery.go();
        at.approvals.answer({ approvalId: scenery.open().id, answer: 'allow' });
        const later: Death = { when, event: event - 3 };
        if (event > 3) await at.workUntil(later, steady(answers), task.id);
        let ended = await scenery.go();
        const what = `killed ${when} ${event}`;
        if (ended.task.status === 'paused') {
          assert.match(scenery.open().reasons.join(' '), /interrupted/, what);
          assert.equal(ran.length, event === 4 ? 0 : 1, what);
          at.approvals.answer({ approvalId: scenery.open().id, answer: 'deny' });
          ended = await scenery.go();
        } else assert.equal(ran.length, 1, what);
        assert.equal(ended.task.status, 'done', what);
      }
  });
});

describe('edits that are accepted by themselves', { timeout: 60_000 }, () => {
  const write = (path: string, text: string) => `{"tool":"write_file","path":"${path}"}\n${text}`;
  for (const path of [
    '.vscode/tasks.json',
    '.envrc',
    'sub/package.json',
    '.github/workflows/x.yml',
    '.husky/pre-commit',
  ])
    it(`not with ${path}, which runs programs by itself`, async () => {
      const at = await openWorkbench(files);
      await using _ = at;
      const answers = [write(path, '{"scripts":{"postinstall":"x"}}'), edit, finish];
      const { task } = await at.run(steady(answers), { instruction: 'x', autoAccept: 'allButDestructive' });
      assert.equal(task.proposal, 'open');
      assert.match(
        task.result ?? '',
        new RegExp(`The edits wait for you: ${path.replaceAll('.', '\\.')} is changed, and .*runs`),
      );
      assert.equal(at.read('a.txt'), 'one\n');
    });

  it('but with a package.json whose scripts stay as they were', async () => {
    await using at = await openWorkbench({ ...files, 'package.json': '{"scripts":{"test":"x"},"version":"1"}' });
    const change =
      '{"tool":"edit_file","path":"package.json"}\n<<<<<<< SEARCH\n{"scripts":{"test":"x"},"version":"1"}\n=======\n{"scripts":{"test":"x"},"version":"2"}\n>>>>>>> REPLACE';
    const { task } = await at.run(steady([change, finish]), { instruction: 'x', autoAccept: 'edits' });
    assert.equal(task.proposal, 'accepted');
  });
});

describe('a model that goes nowhere', () => {
  const look = '{"tool":"list_files","path":"."}';
  const around = [look, look, look];

  it('is helped by a person, whose words it is told; then it counts anew', async () => {
    await using now = await scene([...around, look, look, finish]);
    const { task } = await now.go();
    assert.deepEqual([task.status, task.waits], ['paused', 'waits for your answer: how to go on']);
    const { id, kind, text, rules } = now.open();
    assert.deepEqual([kind, rules, text], ['question', [], 'The model made the same call 3 times: list ..']);
    now.at.approvals.answer({ approvalId: id, answer: 'allow', text: 'There is only a.txt.' });
    const { task: ended, events } = await now.go();
    assert.equal(ended.result, 'Done.');
    const told = events.flatMap((event) => (event.type === 'result' ? [event.data.text] : []));
    assert.deepEqual(told, ['a.txt', 'a.txt', 'the person says: There is only a.txt.', 'a.txt', 'a.txt']);
  });

  it('is given up with the reason when the person says so', async () => {
    for (const [answers, code] of [
      [around, 'loop'],
      [['a', 'b', 'c'], 'bad_answer'],
    ] as const) {
      await using now = await scene(answers);
      await now.go();
      now.at.approvals.answer({ approvalId: now.open().id, answer: 'deny' });
      const { task } = await now.go();
      assert.deepEqual([task.status, task.error?.code], ['failed', code]);
    }
  });

  it('waits on after a crash, and is asked about once', async () => {
    await using now = await scene([...around, finish]);
    await now.at.workUntil({ when: 'before', event: 9 }, steady([...around, finish]), now.task.id);
    await now.go();
    assert.equal(now.at.approvals.list({ limit: 10 }).length, 1);
    now.at.approvals.answer({ approvalId: now.open().id, answer: 'allow', text: 'Finish.' });
    assert.equal((await now.go()).task.result, 'Done.');
  });
});
