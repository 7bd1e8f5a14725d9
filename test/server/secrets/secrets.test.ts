import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRuleBook } from '../../../server/approvals/ruleBook.ts';
import { createSecrets, SHOW_SECRETS } from '../../../server/secrets/secrets.ts';
import { openWorkbench, scripted, steady, type Workbench } from '../agents/workbench.ts';

const ID = 'AKIA' + '2OGYBAH6QLPWXYZK';
const MARK = '[secret: AWS access key, 20 characters]';
const FILE = `export const REGION = 'eu-west-1';\nexport const ID = '${ID}';\nexport const RETRIES = 3;\n`;
const read = '{"tool":"read_file","path":"aws.ts","from":1,"to":300}';
const finish = '{"tool":"finish","outcome":"done"}\nDone.';
const edit = (search: string, replace: string) =>
  `{"tool":"edit_file","path":"aws.ts"}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE`;

const bench = () => openWorkbench({ 'aws.ts': FILE, '.env': `ID=${ID}\n`, '.env.example': 'ID=\n' });
const results = async (at: Workbench, ...answers: string[]) => {
  const engine = scripted([...answers, finish]);
  const { events, task } = await at.run(engine, { instruction: `Look at it. The key is ${ID}.` });
  assert.equal(task.status, 'done', JSON.stringify(task.error));
  const told = engine.heard.flatMap(({ turns }) => turns.map(({ text }) => text)).join('\n');
  return {
    told,
    task,
    log: JSON.stringify(events.slice(1)),
    texts: events.flatMap(({ type, data }) => (type === 'result' ? [data.text] : [])),
  };
};

describe('secrets of a workspace', { timeout: 60_000 }, () => {
  it('are in nothing that the model is told or the log keeps, also where a person pasted them', async () => {
    await using at = await bench();
    const search = `{"tool":"search_text","path":".","text":"ID"}`;
    const { told, log, texts } = await results(at, read, search);
    assert.match(texts[0] ?? '', /export const ID = '\[secret: AWS access key, 20 characters\]';/);
    assert.match(texts[1] ?? '', /aws\.ts:2: .*\[secret: /);
    assert.ok(!told.includes(ID) && !log.includes(ID));
    assert.ok(told.includes(`The key is ${MARK}.`));
  });

  it('are not written over with the marks that stand for them', async () => {
    await using at = await bench();
    const { texts, task } = await results(
      at,
      edit(`export const ID = '${MARK}';`, `export const ID = '${MARK}'; // ours`),
      `{"tool":"write_file","path":"aws.ts"}\nexport const ID = '${MARK}';`,
      edit('export const RETRIES = 3;', 'export const RETRIES = 5;'),
    );
    for (const text of texts.slice(0, 2)) assert.match(text, /the mark of a secret/);
    assert.equal(at.proposals.show(task.id).files[0]?.after, FILE.replace('3', '5'));
  });

  it('in .env are closed to every tool', async () => {
    await using at = await bench();
    const { texts } = await results(
      at,
      '{"tool":"read_file","path":".env","from":1,"to":9}',
      '{"tool":"list_files","path":"."}',
      `{"tool":"search_text","path":".","text":"ID="}`,
      '{"tool":"write_file","path":".env"}\nID=',
      '{"tool":"write_file","path":"b.txt"}\nb',
    );
    assert.match(texts[0] ?? '', /closed to tasks/);
    assert.equal(texts[1], '.env.example\naws.ts');
    assert.equal(texts[2], '.env.example:1: ID=');
    assert.match(texts[3] ?? '', /closed to tasks/);
  });

  it('are hidden letter for letter the same when a run goes on after a kill', async () => {
    await using at = await bench();
    const answers = [read, edit('export const RETRIES = 3;', 'export const RETRIES = 5;'), finish];
    const task = at.submit({ instruction: `The key is ${ID}.` });
    await at.workUntil({ when: 'before', event: 4 }, steady(answers), task.id);
    const engine = steady(answers);
    const { task: done } = await at.work(engine, task.id);
    assert.equal(done.status, 'done', JSON.stringify(done.error));
    const whole = engine.heard.at(-1)?.turns ?? [];
    for (const { turns } of engine.heard) assert.deepEqual(turns, whole.slice(0, turns.length));
    assert.ok(whole.some(({ text }) => text.includes(MARK)) && !JSON.stringify(whole).includes(ID));
  });

  it('are shown where a rule of that very name says so, and no other; what is hidden is written down', async () => {
    await using at = await bench();
    const audited: unknown[] = [];
    const rules = createRuleBook({
      ...{
        db: at.db,
        now: Date.now,
        userFile: `${at.root}.rules.json`,
        root: at.root,
        trust: () => 'trusted' as const,
      },
      audit() {},
    });
    const secrets = createSecrets({ rules, audit: (entry) => void audited.push(entry) });
    const hidden = async (...paths: string[]) =>
      (await secrets.hide(ID, { task: { number: 1 }, from: 'read_file', paths })) === MARK;
    const allow = (rule: { tool: string; path?: string }) => rules.add('workspace', { ...rule, does: 'allow' });
    assert.ok(await hidden('aws.ts'));
    const details = { task: 1, kinds: ['AWS access key'], count: 1, paths: ['aws.ts'] };
    assert.deepEqual(audited, [{ type: 'secret.hidden', subject: 'read_file', details }]);
    allow({ tool: '*' });
    assert.ok(await hidden('aws.ts'));
    allow({ tool: SHOW_SECRETS, path: 'test/*' });
    assert.deepEqual(
      [await hidden('test/a.ts'), await hidden('test/a.ts', 'aws.ts'), await hidden()],
      [false, true, true],
    );
    allow({ tool: SHOW_SECRETS });
    assert.ok(!(await hidden('aws.ts')) && !(await hidden()));
    rules.add('workspace', { tool: SHOW_SECRETS, path: 'aws.ts', does: 'deny' });
    assert.ok(await hidden('aws.ts'));
  });
});
