import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ApprovalRule, Trust } from '../../../protocol/index.ts';
import { createRuleBook, type RuleBook } from '../../../server/approvals/ruleBook.ts';
import { tempFolder } from '../../support/temp.ts';
import { openQueue, type QueueFixture } from '../tasks/queueFixture.ts';

const allow = (command: string): ApprovalRule => ({ tool: 'run_command', command, does: 'allow' });

interface Desk extends Disposable {
  book: RuleBook;
  fixture: QueueFixture;
  userFile: string;
  folderFile: string;
  /** Of a task: `source does command`. */
  rules(number: number): string[];
}

async function openDesk(trust: Trust = 'trusted'): Promise<Desk> {
  const fixture = await openQueue();
  const temp = tempFolder('rules');
  const root = join(temp.path, 'workspace');
  mkdirSync(join(root, '.ospain2'), { recursive: true });
  const userFile = join(temp.path, 'approvals.json');
  const book = createRuleBook({ audit() {}, db: fixture.db, now: () => 1, userFile, root, trust: () => trust });
  return {
    ...{ book, fixture, userFile, folderFile: join(root, '.ospain2', 'approvals.json') },
    rules: (number) => book.of({ number }).rules.map(({ source, does, command }) => `${source} ${does} ${command}`),
    [Symbol.dispose]() {
      fixture[Symbol.dispose]();
      temp[Symbol.dispose]();
    },
  };
}

test('what is remembered holds for the task, the workspace, or everywhere', async () => {
  using desk = await openDesk();
  const { book, fixture, rules } = desk;
  const [one, two] = [fixture.ask(), fixture.ask()];
  book.remember('task', one, [allow('a'), allow('a')]);
  book.remember('task', one, [allow('a')]);
  book.remember('workspace', one, [allow('b')]);
  book.remember('user', one, [allow('c')]);
  assert.deepEqual(rules(one.number), ['task allow a', 'workspace allow b', 'user allow c']);
  assert.deepEqual(rules(two.number), ['workspace allow b', 'user allow c']);
  const [first] = book.list().rules;
  assert.deepEqual([first?.source, first?.taskNumber], ['task', one.number]);
  book.forget(first?.ruleId ?? 0);
  assert.throws(() => book.forget(first?.ruleId ?? 0), { code: 'not_found' });
  assert.deepEqual(rules(one.number), ['workspace allow b', 'user allow c']);
});

test('the user’s file stays as the person wrote it', async () => {
  using desk = await openDesk();
  const { book, userFile, rules } = desk;
  const text = `{
  // Mine.
  "rules": [
    { "tool": "run_command", "command": "npm test", "does": "allow" }, // often
  ],
}
`;
  writeFileSync(userFile, text);
  book.remember('user', { number: 1 }, [allow('npm test')]);
  assert.equal(readFileSync(userFile, 'utf8'), text, 'known already');
  book.remember('user', { number: 1 }, [allow('make')]);
  assert.match(readFileSync(userFile, 'utf8'), /\/\/ Mine\.[\s\S]*"make"[\s\S]*\/\/ often/);
  assert.deepEqual(rules(1), ['user allow npm test', 'user allow make']);
  assert.equal(statSync(userFile).mode & 0o777, 0o600);
});

test('a folder may hold tasks back and nothing else', async () => {
  using desk = await openDesk();
  writeFileSync(
    desk.folderFile,
    JSON.stringify({
      rules: [allow('*'), { ...allow('git push *'), does: 'deny' }, { ...allow('make'), does: 'ask' }],
    }),
  );
  assert.deepEqual(desk.rules(1), ['folder deny git push *', 'folder ask make']);
  using distrusted = await openDesk('untrusted');
  writeFileSync(distrusted.folderFile, '{');
  assert.deepEqual(distrusted.book.of({ number: 1 }), { rules: [], problems: [] });
});

for (const [what, text] of [
  ['no JSON', '{"rules": ['],
  ['another shape', '{"rules": [{"tool": "x"}]}'],
  ['a word too much', '{"rules": [], "allow": "*"}'],
  ['no object', '[]'],
  ['too much', `{"rules": []}${' '.repeat(300_000)}`],
] as const)
  test(`a file with ${what} is a problem, and is not written over`, async () => {
    using desk = await openDesk();
    for (const file of [desk.userFile, desk.folderFile]) writeFileSync(file, text);
    const { rules, problems } = desk.book.of({ number: 1 });
    assert.deepEqual([rules.length, problems.length], [0, 2]);
    for (const problem of problems) assert.match(problem, /cannot be read/);
    assert.throws(() => desk.book.remember('user', { number: 1 }, [allow('a')]), { code: 'invalid_params' });
    assert.equal(readFileSync(desk.userFile, 'utf8'), text);
  });

test('a device in the place of a file keeps nobody waiting', { skip: process.platform === 'win32' }, async () => {
  using desk = await openDesk();
  symlinkSync('/dev/zero', desk.folderFile);
  mkdirSync(desk.userFile);
  assert.equal(desk.book.of({ number: 1 }).problems.length, 2);
});

test('a person writes rules down and takes them out again', async () => {
  using desk = await openDesk();
  const { book, userFile, fixture, rules } = desk;
  const task = fixture.ask();
  book.remember('task', task, [allow('a')]);
  book.add('workspace', allow('a'));
  book.add('workspace', allow('a'));
  book.add('user', { tool: 'edit_file', path: '*.md', does: 'ask' });
  assert.deepEqual(rules(task.number), ['task allow a', 'workspace allow a', 'user ask undefined']);
  writeFileSync(
    userFile,
    `{ "rules": [
  { "tool": "run_command", "command": "make", "does": "allow" }, // often
  // Mine.
  { "tool": "run_command", "command": "npm test", "does": "deny" },
  { "tool": "run_command", "command": "make", "does": "allow" }
] }
`,
  );
  book.remove(allow('make'));
  assert.equal(
    readFileSync(userFile, 'utf8'),
    `{ "rules": [
   // often
  // Mine.
  { "tool": "run_command", "command": "npm test", "does": "deny" },
] }
`,
  );
  assert.deepEqual(rules(0), ['workspace allow a', 'user deny npm test']);
  assert.throws(() => book.remove(allow('make')), { code: 'not_found' });
  writeFileSync(userFile, '{ rules');
  assert.throws(() => book.remove(allow('make')), { code: 'invalid_params' });
  assert.throws(() => book.add('user', allow('make')), { code: 'invalid_params' });
  assert.equal(readFileSync(userFile, 'utf8'), '{ rules', 'what cannot be read is not written over');
});
