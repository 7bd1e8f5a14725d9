import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createStory, type Story } from '../server/agents/story.ts';
import { openWorkbench, type ScriptedEngine, scripted, steady, type Workbench } from '../server/agents/workbench.ts';
import { openPool } from '../server/inference/testPool.ts';
import { assertGolden } from '../support/golden.ts';

const LIMITS = 'export const RETRY_MAX = 3;\nexport const CACHE_TTL = 600;\n';
const USERS = 'export function loadUser(id) {\n  return id;\n}\n';
const files = { 'src/limits.ts': LIMITS, 'src/users.ts': USERS };

const read = (path: string) => `{"tool":"read_file","path":"${path}","from":1,"to":200}`;
const edit = (path: string, search: string, replace: string) =>
  `{"tool":"edit_file","path":"${path}"}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE`;
const finish = (text: string, outcome = 'done') => `{"tool":"finish","outcome":"${outcome}"}\n${text}`;
const retryMax = edit('src/limits.ts', 'export const RETRY_MAX = 3;', 'export const RETRY_MAX = 5;');
const cacheTtl = edit('src/limits.ts', 'export const CACHE_TTL = 600;', 'export const CACHE_TTL = 60;');

/** Runs that a person has read from beginning to end. */
const runs: Record<string, (at: Workbench, story: Story) => Promise<void>> = {
  async 'one edit, accepted and undone'(at, story) {
    const { id } = at.submit({ instruction: 'Set RETRY_MAX to 5 in src/limits.ts' });
    await at.work(scripted([read('src/limits.ts'), retryMax, finish('RETRY_MAX is 5 now.')]), id);
    story.tell(id);
    story.say('accept');
    at.proposals.accept(id);
    story.tell(id);
    story.disk();
    story.say('undo');
    at.proposals.undo(id);
    story.tell(id);
    story.disk();
  },

  async 'the embedded model: an edit and a rename'(at, story) {
    await using real = await openPool();
    real.registry.registerEmbedded();
    for (const instruction of ['Set RETRY_MAX to 5 in src/limits.ts', 'rename loadUser to fetchUser in src/users.ts']) {
      const { task } = await at.run(real.pool, { instruction, autoAccept: 'edits' });
      story.tell(task.id);
    }
    story.disk();
  },

  async 'the embedded model: what it was not taught'(at, story) {
    await using real = await openPool();
    real.registry.registerEmbedded();
    story.tell((await at.run(real.pool, { instruction: 'Make everything better' })).task.id);
  },

  async 'two tasks on one file, the second conflicts with what was accepted'(at, story) {
    const one = at.submit({ instruction: 'Set RETRY_MAX' });
    await at.work(scripted([read('src/limits.ts'), retryMax, finish('5.')]), one.id);
    const two = at.submit({ instruction: 'Set RETRY_MAX too' });
    const other = edit('src/limits.ts', 'export const RETRY_MAX = 3;', 'export const RETRY_MAX = 9;');
    await at.work(scripted([read('src/limits.ts'), other, finish('9.')]), two.id);
    story.tell(one.id, two.id);
    story.say(`accept #${one.number}`);
    at.proposals.accept(one.id);
    story.refused(`accept #${two.number}`, () => at.proposals.accept(two.id));
    story.tell(one.id, two.id);
    story.disk();
  },

  async 'a search that misses, and the edit after it'(at, story) {
    const wrong = edit('src/limits.ts', 'const RETRY_MAX = 4;', 'const RETRY_MAX = 5;');
    const answers = [
      read('src/limit.ts'),
      read('src/limits.ts'),
      wrong,
      finish('Done.'),
      retryMax,
      finish('RETRY_MAX is 5.'),
    ];
    story.tell((await at.run(scripted(answers), { instruction: 'Set RETRY_MAX to 5' })).task.id);
  },

  async 'answers that are no call, until a person helps'(at, story) {
    const answers = [
      ...['I would change the file.', '{"tool":"delete_everything"}', '{"tool":"edit_file","path":"a"}\nno block'],
      ...[retryMax, finish('RETRY_MAX is 5.')],
    ];
    const { id } = at.submit({ instruction: 'Set RETRY_MAX to 5' });
    await at.work(scripted(answers), id);
    story.tell(id);
    story.say('answer: It is in src/limits.ts, and it is 3 now.');
    answer(at, { answer: 'allow', text: 'It is in src/limits.ts, and it is 3 now.' });
    await at.work(scripted(answers.slice(3)), id);
    story.tell(id);
  },

  async 'the same call again and again, given up by the person'(at, story) {
    const again = read('src/limits.ts');
    const { id } = at.submit({ instruction: 'Look' });
    await at.work(scripted([again, again, again]), id);
    story.tell(id);
    story.say('deny');
    answer(at, { answer: 'deny' });
    await at.work(scripted([]), id);
    story.tell(id);
  },

  async 'killed in the middle, and gone on behind its last step'(at, story) {
    const { id } = at.submit({ instruction: 'Set RETRY_MAX to 5' });
    const answers = [read('src/limits.ts'), retryMax, finish('RETRY_MAX is 5.')];
    await at.workUntil({ when: 'before', event: 6 }, scripted(answers), id);
    story.tell(id);
    story.say('the server is killed; another one starts');
    await at.work(scripted(answers.slice(2)), id);
    story.tell(id);
  },

  async 'a question, answered by another server while nobody works the task'(at, story) {
    const { id } = at.submit({ instruction: 'Set RETRY_MAX' });
    const question = '{"tool":"ask_person","question":"To which number?"}';
    const answers = [question, retryMax, finish('RETRY_MAX is 5.')];
    await at.work(steady(answers), id);
    story.tell(id);
    const [asked] = at.approvals.list({ taskId: id, limit: 1 });
    story.say(`answer: 5`);
    at.approvals.answer({ approvalId: asked?.id ?? 0, answer: 'allow', text: '5' });
    story.refused('answer again: 6', () =>
      at.approvals.answer({ approvalId: asked?.id ?? 0, answer: 'allow', text: '6' }),
    );
    await at.work(steady(answers), id);
    story.tell(id);
  },

  async 'rules of the workspace, and a file that is mentioned'(at, story) {
    at.write('AGENTS.md', '- Numbers are written in words in comments.\n');
    at.write('.roo/rules/ts.md', '---\nglobs: "**/*.ts"\n---\nKeep lines short.\n');
    const engine = scripted([retryMax, finish('RETRY_MAX is 5.')]);
    const { task } = await at.run(engine, { instruction: 'Set RETRY_MAX in #file:src/limits.ts to 5' });
    story.tell(task.id);
    story.say('what the model was told:');
    for (const line of [engine.heard[0]?.system, engine.heard[0]?.turns[0]?.text].join('\n\n').split('\n'))
      story.say(line);
  },

  async 'a context that fills up, summed up by the model'(at, story) {
    for (const name of ['one', 'two', 'three']) at.write(`src/${name}.ts`, `// ${name}\n${'x'.repeat(2000)}\n`);
    const answers = [
      ...['one', 'two', 'three'].map((name) => read(`src/${name}.ts`)),
      'src/one.ts, src/two.ts and src/three.ts hold nothing but x.\nNext: set RETRY_MAX in src/limits.ts to 5.',
      retryMax,
      finish('RETRY_MAX is 5.'),
    ];
    const engine = counting(answers, 4096);
    const { task } = await at.run(engine, { instruction: 'Set RETRY_MAX to 5 if the others agree' });
    story.tell(task.id);
    story.say('what the model was told in the turn behind the summary:');
    for (const { role, text } of engine.heard[4]?.turns ?? []) story.say(`${role}: ${text.replaceAll('\n', ' ⏎ ')}`);
  },

  async 'a part that builds on another one'(at, story) {
    const one = at.submit({ instruction: 'Set RETRY_MAX' });
    const two = at.submit({ instruction: 'Set CACHE_TTL', dependsOn: [{ taskId: one.id, onFailure: 'hold' }] });
    await at.work(scripted([read('src/limits.ts'), retryMax, finish('5.')]), one.id);
    story.tell(one.id, two.id);
    story.say(`accept #${one.number}`);
    at.proposals.accept(one.id);
    await at.work(scripted([read('src/limits.ts'), cacheTtl, finish('60.')]), two.id);
    story.tell(one.id, two.id);
  },

  async 'a plan: edited, started, worked'(at, story) {
    const plan = [
      '{"tool":"search_text","path":".","text":"RETRY_MAX"}',
      finish('1. Set RETRY_MAX in src/limits.ts\n2. Say it in README.md (after 1)'),
    ];
    const engine = scripted(plan);
    const { task } = await at.run(engine, { kind: 'plan', instruction: 'allow more retries' });
    story.tell(task.id);
    story.say('start the plan');
    at.plansWith(engine).start({ taskId: task.id, autoAccept: 'edits' });
    const parts = at.queue.list({ parentId: task.id, limit: 10 }).tasks.toReversed();
    const newFile = '{"tool":"edit_file","path":"README.md"}\n<<<<<<< SEARCH\n=======\n# Limits\n>>>>>>> REPLACE';
    const works = [
      [read('src/limits.ts'), retryMax, finish('5.')],
      [newFile, finish('Said.')],
    ];
    // A workbench works one at a time.
    for (const { id } of parts) at.queue.pause(id);
    for (const [index, { id }] of parts.entries()) {
      at.queue.resume(id);
      await at.work(scripted(works[index] ?? []), id);
    }
    story.tell(...parts.map(({ id }) => id));
    story.disk();
  },
};

/** What a person answers to the one question that is open. */
function answer(at: Workbench, how: { answer: 'allow' | 'deny'; text?: string }): void {
  const [open] = at.approvals.list({ status: ['open'], limit: 1 });
  assert.ok(open, 'nothing was asked');
  at.approvals.answer({ approvalId: open.id, ...how });
}

/** An engine that counts what it is told: three characters a token. */
function counting(answers: readonly string[], contextLength: number): ScriptedEngine {
  const engine = scripted(answers, 'full', contextLength);
  return {
    ...engine,
    async generate(generation) {
      const { usage, ...answer } = await engine.generate(generation);
      const said = [generation.system ?? '', ...generation.turns.map(({ text }) => text)].join('');
      const promptTokens = Math.ceil(said.length / 3);
      assert.ok(promptTokens + generation.maxTokens <= contextLength, 'it does not fit');
      return { ...answer, usage: { ...usage, promptTokens, generatedTokens: Math.ceil(answer.text.length / 3) } };
    },
  };
}

describe('runs of agents, letter for letter', { timeout: 300_000 }, () => {
  for (const [name, run] of Object.entries(runs))
    it(name, async () => {
      await using at = await openWorkbench(files);
      const story = createStory(at);
      await run(at, story);
      const file = `${name.replaceAll(/[^a-z\d]+/gi, '-')}.txt`;
      assertGolden(`${name}\n\n${story.text()}`, new URL(`agentRuns/${file}`, import.meta.url));
    });
});
