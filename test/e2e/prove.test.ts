import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findWalls } from '../../cli/prove/walls.ts';
import { tempFolder } from '../support/temp.ts';
import { buildMutant, type Mutation } from './prove/mutant.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

interface Line {
  proof?: { name: string; ok: boolean | null; said: string; problems: string[] };
  proved?: boolean;
  walls?: { namespace: boolean; traced: boolean };
  kept?: string;
}

/** Runs `ospain2 prove`; what it said, and which promises did not hold. */
async function prove(cli: string, ...options: string[]) {
  const { code, stdout, stderr } = await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [cli, 'prove', '--json', ...options], { timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const proofs = lines.flatMap(({ proof }) => proof ?? []);
  const problems = Object.fromEntries(
    proofs.filter(({ ok }) => ok === false).map(({ name, problems }) => [name, problems]),
  );
  return { code, stderr, proofs, problems, end: lines.at(-1) };
}

interface Sin extends Mutation {
  /** The promise that it breaks, and what is said of it. */
  breaks: string;
  says: RegExp;
}

const connects: Sin = {
  file: 'server/main.ts',
  from: 'await main();',
  to: "(await import('node:net')).connect(443, '192.0.2.1').on('error', () => {});\nawait main();",
  breaks: 'connections',
  says: /^refused by the guard, in the server: net\.connect 192\.0\.2\.1:443$/,
};

/** Through a program that it starts, which has no guard: only the trace of the system's calls sees that. */
const connectsPastTheGuard: Sin = {
  file: 'server/main.ts',
  from: 'await main();',
  to: `(await import('node:child_process')).spawn(process.execPath, ['-e',
    "require('node:net').connect(443, '192.0.2.1').on('error', () => {}); setTimeout(process.exit, 1000)"]);
  await main();`,
  breaks: 'connections',
  says: /called connect .*AF_INET.*192\.0\.2\.1/,
};

const logsWhatItIsAsked: Sin = {
  file: 'server/dispatch.ts',
  from: '      log.debug(',
  to: '      log.info(JSON.stringify(params));\n      log.debug(',
  breaks: 'plaintext',
  says: /^the log holds a planted text \(note, UTF-8\)$/,
};

const writesAnEncodedText: Sin = {
  file: 'server/handlers/notes.ts',
  from: '({ note: notes.save(params) })',
  to: `{
    const { writeFileSync } = process.getBuiltinModule('node:fs');
    writeFileSync(process.env['TMPDIR'] + '/note.txt', Buffer.from(params.text).toString('base64'));
    return { note: notes.save(params) };
  }`,
  breaks: 'plaintext',
  says: /tmp\/note\.txt holds a planted text \(note, base64\)$/,
};

const dropping = (type: string, says: RegExp): Sin => ({
  file: 'server/audit/auditLog.ts',
  from: '    insert.run({ ...entry',
  to: `    if (type !== '${type}') insert.run({ ...entry`,
  breaks: 'audit',
  says,
});

const doesNotRecordAnEdit: Sin = {
  file: 'server/audit/auditLog.ts',
  from: 'record: (happened) => transact(',
  to: "record: (happened) => happened.type === 'file.written' ? undefined : transact(",
  breaks: 'audit',
  says: /^file\.written is there 0 times, and happened 1 times$/,
};

using probe = tempFolder('walls');
const walls = findWalls(`${probe.path}/trace`);
const traced = walls.namespace && walls.traced;

/** A server that does all of these fails on each line that one of them breaks, for that reason, and on no other. */
const servers: readonly [name: string, skip: string | false, ...Sin[]][] = [
  [
    'opens a connection, logs what it is asked, and loses a row in the middle of the audit log',
    false,
    connects,
    logsWhatItIsAsked,
    dropping('hub.ticketMade', /^the user's log: Entry \d+ is missing\.$/),
  ],
  [
    'starts a program that opens one, writes an encoded text, loses the last row, and does not write down an edit',
    traced ? false : 'this machine makes no network namespace, or has no strace',
    connectsPastTheGuard,
    writesAnEncodedText,
    dropping('backup.created', /^the workspace's log: Entry \d+ and all behind it are cut off\.$/),
    doesNotRecordAnEdit,
  ],
];

describe('ospain2 prove', () => {
  it('holds, inside of the walls that this machine has', async () => {
    const { code, stderr, proofs, problems, end } = await prove(CLI);
    assert.deepEqual(problems, {}, stderr);
    assert.equal(code, 0);
    assert.deepEqual(
      proofs.map(({ name }) => name),
      ['work', 'connections', 'plaintext', 'audit', 'permissions', 'processes'],
    );
    assert.deepEqual(end, { proved: true, walls: { namespace: walls.namespace, traced: walls.traced } });
  });

  for (const [name, skip, ...sins] of servers)
    it(`fails when the server ${name}`, { skip }, async () => {
      using folder = tempFolder('mutant');
      const { code, problems, end } = await prove(await buildMutant(folder.path, sins));
      assert.deepEqual(Object.keys(problems), ['connections', 'plaintext', 'audit'], JSON.stringify(problems));
      for (const { breaks, says } of sins)
        assert.ok(
          problems[breaks]?.some((problem) => says.test(problem)),
          `${says}: ${JSON.stringify(problems)}`,
        );
      assert.deepEqual([code, end?.proved], [1, false]);
    });
});
