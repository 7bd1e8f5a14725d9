import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Proposal } from '../../protocol/index.ts';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { tempFolder } from '../support/temp.ts';
import { jsonLines, ownWorkspace, type Ran } from './command.ts';

const ONE = Array.from({ length: 24 }, (_, n) => `line ${n + 1}\n`).join('');
const change = (text: string, ...lines: number[]): string =>
  lines.reduce((all, line) => all.replace(`line ${line}\n`, `LINE ${line}\n`), text);
const block = (line: number) => `\n<<<<<<< SEARCH\nline ${line}\n=======\nLINE ${line}\n>>>>>>> REPLACE`;
/** A model that changes three lines of one file and makes another, whatever it is asked. */
const ANSWERS = [
  `{"tool":"edit_file","path":"one.txt"}${block(2)}${block(4)}${block(20)}`,
  '{"tool":"edit_file","path":"two.txt"}\n<<<<<<< SEARCH\n=======\nnew\n>>>>>>> REPLACE',
  '{"tool":"finish","outcome":"done"}\nDone.',
];

describe('a part of a proposal', { timeout: 300_000 }, () => {
  const { cwd, cli, env } = ownWorkspace();
  const folder = tempFolder('scripted');
  after(() => folder[Symbol.dispose]());
  const model = join(folder.path, 'scripted.gguf');
  const run = (...args: string[]): Promise<Ran> => cli(['task', ...args], { env: { ...env, OSPAIN2_MODELS: model } });
  const one = () => readFileSync(join(cwd, 'one.txt'), 'utf8');
  const two = join(cwd, 'two.txt');
  const proposalOf = ({ out }: Ran) => Proposal.parse(jsonLines(out)[0]?.['proposal']);
  const fails = ({ code, out, err }: Ran, exit: number, name: string) => {
    assert.deepEqual([code, out], [exit, ''], err);
    assert.ok(err.startsWith(`error[${name}]: `), err);
  };

  before(async () => {
    writeScriptedModel(model, [{ answers: ANSWERS }], { contextLength: 4096 });
    writeFileSync(join(cwd, 'one.txt'), ONE);
    const made = await run('new', 'Make the lines large');
    assert.equal(made.code, 0, made.err);
  });

  it('has numbers, in a diff that is a patch', async () => {
    const { out } = await run('diff', '1');
    assert.match(out, /^@@ -1,7 \+1,7 @@ hunks 1, 2$/m);
    assert.match(out, /^@@ -17,7 \+17,7 @@ hunk 3$/m);
    assert.match(out, /^\+\+\+ b\/two\.txt\n@@ -0,0 \+1,1 @@ hunk 1$/m);
  });

  it('is accepted and rejected by file and hunk; the others keep waiting', async () => {
    fails(await run('accept', '1', '--hunk', '1'), 64, 'invalid_params');
    fails(await run('accept', '1', '--file', 'one.txt', '--hunk', '4'), 3, 'not_found');
    fails(await run('accept', '1', '--file', 'three.txt'), 3, 'not_found');
    fails(await run('accept', '1', '--file', '../one.txt'), 77, 'path_outside');
    assert.equal((await run('accept', '1', '--file', 'one.txt', '--hunk', '2')).out, 'Written: one.txt.\n');
    assert.equal(one(), change(ONE, 4));
    assert.match((await run('reject', '1', '-f', 'one.txt', '--hunk', '1')).out, /^Rejected; nothing was written: one/);
    const shown = await run('diff', '1');
    assert.doesNotMatch(shown.out, /LINE 2$/m);
    assert.match(shown.out, /^@@ -17,7 \+17,7 @@ hunk 1$/m);
    assert.equal(existsSync(two), false);
  });

  it('is merged with what was changed meanwhile', async () => {
    writeFileSync(join(cwd, 'one.txt'), `mine\n${one()}`);
    assert.match((await run('diff', '1')).err, /one\.txt was changed meanwhile; it can be merged/);
    fails(await run('accept', '1'), 4, 'conflict');
    assert.equal(existsSync(two), false, 'none where not all can be written');
    assert.equal((await run('merge', '1')).code, 0);
    assert.match((await run('diff', '1')).out, /^@@ -18,7 \+18,7 @@ hunk 1$/m);
    assert.equal((await run('accept', '1')).code, 0);
    assert.equal(one(), `mine\n${change(ONE, 4, 20)}`);
    assert.equal((await run('diff', '1', '--json')).code, 0);
  });

  it('goes back from under what was changed since, and comes again', async () => {
    writeFileSync(join(cwd, 'one.txt'), `${one()}last\n`);
    assert.equal((await run('undo', '1')).out, 'Taken back: one.txt, two.txt.\n');
    assert.equal(one(), `mine\n${ONE}last\n`);
    assert.equal((await run('accept', '1')).code, 0);
    assert.equal(one(), `mine\n${change(ONE, 4, 20)}last\n`);
  });

  it('a conflict is shown with both sides, and written by nobody', async () => {
    const text = one().replace('LINE 4', 'my line 4');
    writeFileSync(join(cwd, 'one.txt'), text);
    fails(await run('undo', '1'), 4, 'conflict');
    assert.match((await run('conflicts', '1')).out, /^one\.txt: .*\n(.*\n)*<<<<<<< on disk\nmy line 4\n/);
    assert.equal(one(), text);
    writeFileSync(join(cwd, 'one.txt'), ONE);
    writeFileSync(two, '');
    const made = await run('new', '--json', 'Make the lines large');
    assert.equal(made.code, 0, made.err);
    writeFileSync(join(cwd, 'one.txt'), ONE.replace('line 20', 'my line 20'));
    const merged = await run('merge', '2');
    assert.equal(merged.code, 4);
    assert.match(merged.err, /one\.txt: the same lines were changed meanwhile/);
    assert.equal((await run('merge', '2', '--markers')).code, 0);
    assert.equal(proposalOf(await run('diff', '2', '--json')).files[0]?.fit, 'exact');
    assert.equal((await run('accept', '2', '--file', 'one.txt')).code, 0);
    assert.match(one(), /<<<<<<< on disk\nmy line 20\n=======\nLINE 20\n>>>>>>> task 2\n/);
  });
});
