import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Engine } from '../../server/inference/engine.ts';
import { createStory, type Story } from '../server/agents/story.ts';
import { openWorkbench, scripted, type Workbench } from '../server/agents/workbench.ts';
import { assertGolden } from '../support/golden.ts';

const MENU = ['soup', '', 'bread', '', 'fish', '', 'cake', ''].join('\r\n');
const files = { 'menu.txt': MENU };

const read = '{"tool":"read_file","path":"menu.txt","from":1,"to":200}';
const edit = (search: string, replace: string) =>
  `{"tool":"edit_file","path":"menu.txt"}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE`;
const finish = (text: string) => `{"tool":"finish","outcome":"done"}\n${text}`;
const answers = (search: string, replace: string) => [read, edit(search, replace), finish(`${replace} it is.`)];

/** Each task has answers of its own, by its instruction; nobody edits before everybody has read. */
function together(scripts: Readonly<Record<string, readonly string[]>>): Engine {
  const engines = Object.entries(scripts).map(([asked, all]) => ({ asked, engine: scripted(all) }));
  let reading = engines.length;
  let go = () => {};
  const allHaveRead = new Promise<void>((resolve) => {
    go = resolve;
  });
  return {
    describe: scripted([]).describe,
    async generate(generation) {
      const mine = engines.find(({ asked }) => generation.turns[0]?.text.includes(asked));
      assert.ok(mine);
      if (generation.turns.length === 3) {
        if (--reading === 0) go();
        await allHaveRead;
      }
      return mine.engine.generate(generation);
    },
  };
}

async function work(at: Workbench, search: string, replace: string): Promise<{ id: string; number: number }> {
  const task = at.submit({ instruction: `${search} to ${replace}` });
  await at.work(scripted(answers(search, replace)), task.id);
  return task;
}

/** Runs that a person has read from beginning to end. */
const runs: Record<string, (at: Workbench, story: Story) => Promise<void>> = {
  async 'two tasks at one time on one file, both accepted, the first undone'(at, story) {
    const [one, two] = [at.submit({ instruction: 'other soup' }), at.submit({ instruction: 'other cake' })];
    const engine = together({ 'other soup': answers('soup', 'salad'), 'other cake': answers('cake', 'fruit') });
    await at.workTogether(engine, one.id, two.id);
    story.tell(one.id, two.id);
    story.disk();
    story.say('accept #1');
    at.proposals.accept(one.id);
    story.refused('accept #2', () => at.proposals.accept(two.id));
    story.refused('accept #2, merged', () => at.proposals.accept(two.id, { merge: true }));
    story.tell(one.id, two.id);
    story.disk();
    story.refused('undo #1', () => at.proposals.undo(one.id));
    story.tell(one.id, two.id);
    story.disk();
    story.refused('undo #2', () => at.proposals.undo(two.id));
    story.disk();
    assert.equal(at.read('menu.txt'), MENU);
  },

  async 'a conflict on accepting, finished by the person'(at, story) {
    const { id } = await work(at, 'fish', 'pasta');
    at.write('menu.txt', MENU.replace('fish', 'beans'));
    story.tell(id);
    story.refused('accept', () => at.proposals.accept(id));
    story.refused('accept, merged', () => at.proposals.accept(id, { merge: true }));
    const [conflict] = at.proposals.conflicts(id);
    assert.ok(conflict);
    story.say(`conflict in ${conflict.path}: ${conflict.reason}`);
    for (const line of (conflict.marked ?? '').split('\r\n')) story.say(line);
    story.say('beans and pasta');
    const text = MENU.replace('fish', 'beans and pasta');
    at.proposals.merge(id, { resolved: [{ path: conflict.path, over: conflict.ours, text }] });
    story.disk();
    story.refused('accept', () => at.proposals.accept(id));
    story.tell(id);
    story.disk();
    story.refused('undo', () => at.proposals.undo(id));
    story.disk();
  },

  async 'undo after another task changed the same lines'(at, story) {
    const one = await work(at, 'fish', 'pasta');
    at.proposals.accept(one.id);
    const two = await work(at, 'pasta', 'rice');
    at.proposals.accept(two.id);
    story.tell(one.id, two.id);
    story.refused('undo #1', () => at.proposals.undo(one.id));
    story.refused('undo #2', () => at.proposals.undo(two.id));
    story.refused('undo #1', () => at.proposals.undo(one.id));
    story.tell(one.id, two.id);
    story.disk();
    assert.equal(at.read('menu.txt'), MENU);
    story.refused('accept #1 again', () => at.proposals.accept(one.id));
    story.tell(one.id, two.id);
    story.disk();
  },

  async 'one hunk accepted, another rejected'(at, story) {
    const task = at.submit({ instruction: 'two changes' });
    const both = [read, edit('soup', 'salad'), edit('cake', 'fruit'), finish('Changed.')];
    await at.work(scripted(both), task.id);
    const [first, second] = at.proposals.show(task.id).files[0]?.hunks.map((hunk) => hunk.id) ?? [];
    assert.ok(first && second);
    story.say('accept the second hunk');
    at.proposals.accept(task.id, { files: [{ path: 'menu.txt', hunks: [second] }] });
    story.tell(task.id);
    story.disk();
    story.say('reject the first one');
    at.proposals.reject(task.id, [{ path: 'menu.txt', hunks: [first] }]);
    story.tell(task.id);
    story.say('undo');
    at.proposals.undo(task.id);
    story.tell(task.id);
    story.disk();
    assert.equal(at.read('menu.txt'), MENU);
  },
};

describe('what becomes of proposals, letter for letter', { timeout: 300_000 }, () => {
  for (const [name, run] of Object.entries(runs))
    it(name, async () => {
      await using at = await openWorkbench(files);
      const story = createStory(at);
      await run(at, story);
      const file = `${name.replaceAll(/[^a-z\d]+/gi, '-')}.txt`;
      assertGolden(`${name}\n\n${story.text()}`, new URL(`proposalRuns/${file}`, import.meta.url));
    });
});
