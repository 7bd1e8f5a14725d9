import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { AuditEntry, type AuditVerdict } from '../../protocol/index.ts';
import { forge } from '../server/audit/auditBench.ts';
import { openWorkspaceDatabase } from '../support/workspaceDatabase.ts';
import { jsonLines, ownWorkspace, type Ran } from './command.ts';

const { cwd, cli, env } = ownWorkspace();
const audit = (...args: string[]): Promise<Ran> => cli(['audit', ...args]);
const entries = async (...args: string[]) =>
  jsonLines((await audit('show', '--json', ...args)).out).map(({ entry }) => AuditEntry.parse(entry));

function assertRefused({ code, out, err }: Ran, exit: number, name: string): void {
  assert.equal(code, exit, err);
  assert.equal(out, '');
  assert.ok(err.startsWith(`error[${name}]: `), err);
}

/** What somebody does who has the key, while no server runs. */
async function forgeEntry(number: number): Promise<void> {
  const db = await openWorkspaceDatabase(cwd, env);
  try {
    forge(db, () => db.prepare(`UPDATE audit SET subject = 'nothing at all' WHERE number = ?`).run(number));
  } finally {
    db.close();
  }
}

describe('ospain2 audit', { timeout: 300_000 }, () => {
  it('shows the newest first, as many and of the kind that are asked for', async () => {
    assert.equal((await cli(['backup', 'one.db'])).code, 0);
    assert.equal((await cli(['backup', 'two.db'])).code, 0);
    const { code, out, err } = await audit('show', '--type', 'backup');
    assert.equal(code, 0, err);
    assert.match(out, /^when +entry +what +who\n.* backup\.created .*two\.db.*\n.* backup\.created .*one\.db.*\n$/);
    const types = (await entries('--type', 'backup.created', 'server.started')).map(({ type }) => type);
    assert.deepEqual(new Set(types), new Set(['backup.created', 'server.started']));
    const [newest, ...none] = await entries('--type', 'backup', '--limit', '1');
    assert.deepEqual([newest?.subject.endsWith('two.db'), none], [true, []]);
    assert.equal((await entries('--type', 'backup', '--since', '1d')).length, 2);
    assert.equal((await audit('show', '--type', 'secret')).out, 'Nothing of that is written down.\n');
  });

  it('refuses a time that makes no sense', async () => {
    assertRefused(await audit('show', '--since', 'lately'), 64, 'invalid_params');
    assertRefused(await audit('show', '--since', '2999-01-01'), 64, 'invalid_params');
    assertRefused(await audit('show', '--limit', '0'), 64, 'invalid_params');
    assertRefused(await audit('prune', '--before', '2999-01-01', '--yes'), 64, 'invalid_params');
  });

  it('exports to a new file, and only when the person says so', async () => {
    assertRefused(await audit('export', 'log.jsonl'), 64, 'invalid_params');
    assert.equal(existsSync(join(cwd, 'log.jsonl')), false);
    assert.match(
      (await audit('export', 'log.jsonl', '--yes')).out,
      /^\d+ entries in .*log\.jsonl .* in plain text\.$/m,
    );
    const lines = jsonLines(readFileSync(join(cwd, 'log.jsonl'), 'utf8'));
    assert.ok(lines.some((line) => JSON.stringify(line).includes('two.db')));
    if (process.platform !== 'win32') assert.equal(statSync(join(cwd, 'log.jsonl')).mode & 0o777, 0o600);
    assertRefused(await audit('export', 'log.jsonl', '--yes'), 4, 'conflict');
    assertRefused(await audit('export', 'no/such/folder/log.jsonl', '--yes'), 3, 'not_found');
  });

  it('drops what is old, and the rest is whole', async () => {
    assert.equal(
      (await audit('prune', '--before', '1d', '--yes')).out,
      '0 entries are gone; a checkpoint holds their place.\n',
    );
    const { code, out } = await audit('verify');
    assert.equal(code, 0);
    assert.match(out, /^The log of this folder is whole: \d+ entries\. It ends with \d+:[0-9a-f]{64}$/m);
    assert.match(out, /^The log of this user is whole: /m);
  });

  it('names the entry that somebody altered, and ends with its own code', async () => {
    const [newest] = await entries('--type', 'backup', '--limit', '1');
    const number = newest?.number ?? 0;
    await forgeEntry(number);
    const { code, out } = await audit('verify');
    assert.equal(code, 65);
    assert.match(
      out,
      new RegExp(`^The log of this folder is broken\\. Entry ${number} is not as it was written\\.$`, 'm'),
    );
    const verdicts = jsonLines((await audit('verify', '--json')).out).map(({ verdict }) => verdict as AuditVerdict);
    assert.deepEqual(
      verdicts.map(({ log, broken }) => [log, broken]),
      [
        ['workspace', { what: 'altered', number }],
        ['user', null],
      ],
    );
  });
});
