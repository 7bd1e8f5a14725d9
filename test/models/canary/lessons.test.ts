import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AgentSkill, Lessons } from '../../../models/canary/generate.ts';
import { TINY } from '../../../server/agents/prompts.ts';
import { requestTurn, taughtRequest } from '../../../server/agents/taught.ts';
import { asSubmitted } from '../../server/agents/lesson.ts';
import { openWorkbench, scripted } from '../../server/agents/workbench.ts';

/** Skills whose lessons the product can play with real tools; `retry` tells of edits that fail for no reason. */
const PLAYED = ['const', 'rename', 'call', 'doc', 'nofile', 'noname'] as const;
const SEED = 20261123;

/** A lesson that needs no more than its one file: others tell of folders and of files too long to write here. */
function playable(lessons: Lessons, skill: AgentSkill): string[] {
  for (;;) {
    const { turns } = lessons.make(skill);
    if (/^(result:|error: no such file:)/.test(turns[2] ?? '')) return turns;
  }
}

/** Lessons invent a file with a similar name, which the played workspace does not have. */
const withoutNearest = (turn: string) => turn.replace(/^(error: no such file: .*); nearest: .*$/, '$1');

for (const skill of PLAYED)
  test(`what the product says in a task of the skill ${skill} is what the lessons say, byte for byte`, async () => {
    const lessons = new Lessons(SEED, 'test');
    for (let n = 0; n < 10; n++) {
      const turns = playable(lessons, skill);
      const [asked = '', reading = '', read = ''] = turns;
      const [instruction, context] = asSubmitted(asked);
      const { path } = JSON.parse(reading) as { path: string };
      const files = read.startsWith('result:\n') ? { [path]: `${read.slice('result:\n'.length)}\n` } : {};
      await using workbench = await openWorkbench(files);
      const engine = scripted(
        turns.filter((_, index) => index % 2 === 1),
        'tiny',
      );
      await workbench.run(engine, { instruction, ...(context && { context }) });
      assert.equal(engine.left(), 0, 'the whole lesson was played');
      const last = engine.heard.at(-1);
      assert.equal(last?.system, TINY);
      // The instruction is said in one form, whichever the person chose.
      const [first, ...rest] = last?.turns ?? [];
      assert.equal(first?.text, requestTurn(taughtRequest(instruction, context)));
      assert.deepEqual(
        rest.map(({ text }) => text),
        turns.slice(1, -1).map(withoutNearest),
      );
    }
  });

test('the form in which the product says an instruction is one that the lessons teach', () => {
  const lessons = new Lessons(SEED, 'train');
  for (const skill of PLAYED) {
    const taught = Array.from({ length: 400 }, () => lessons.make(skill).turns[0] ?? '');
    assert.ok(
      taught.some((turn) => requestTurn(taughtRequest(...asSubmitted(turn))) === turn),
      skill,
    );
  }
});
