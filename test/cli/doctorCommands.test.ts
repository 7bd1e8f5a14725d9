import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Check, Finding } from '../../protocol/index.ts';
import { tempFolder } from '../support/temp.ts';
import { jsonLines, ownWorkspace, type Ran } from './command.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

const findings = ({ out }: Ran): Finding[] => jsonLines(out).map(({ finding }) => Finding.parse(finding));
const failures = (ran: Ran): string[] =>
  findings(ran).flatMap(({ check, status }) => (status === 'failed' ? [check] : []));

describe('ospain2 doctor', { timeout: 300_000 }, () => {
  const { cwd, cli, env } = ownWorkspace();

  it('tells each check once, in order, and ends well where all works', async () => {
    const ran = await cli(['doctor', '--json']);
    assert.equal(ran.code, 0, ran.out + ran.err);
    const found = findings(ran);
    assert.deepEqual(
      found.map(({ check }) => check),
      Check.options,
    );
    for (const { status, advice } of found) assert.ok(status === 'ok' || advice !== null);
    assert.match(found.find(({ check }) => check === 'model')?.found ?? '', /said a token/);
    assert.match(found.find(({ check }) => check === 'default')?.found ?? '', /^canary .*the embedded one$/);
  });

  it('says the same to people, without colours in a pipe', async () => {
    const { code, out, err } = await cli(['doctor']);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^OSPAiN2 \d+\.\d+\.\d+ on /);
    assert.match(out, /^✓ node +Node /m);
    assert.match(out, /OSPAiN2 works here\.( \d+ of \d+ could be better\.)?\n$/);
    assert.ok(!out.includes('\u001b'));
  });

  it('tells what can be told when no server starts: the database is damaged', async () => {
    const data = env['OSPAIN2_DATA_DIR'] ?? '';
    const [folder = ''] = readdirSync(join(data, 'workspaces'));
    const files = join(data, 'workspaces', folder);
    for (const name of readdirSync(files)) if (name.startsWith('ospain2.db-')) rmSync(join(files, name));
    writeFileSync(join(files, 'ospain2.db'), Buffer.alloc(8192, 7));
    const ran = await cli(['doctor', '--json']);
    assert.equal(ran.code, 1);
    assert.deepEqual(failures(ran), ['server']);
    const { found, advice } = findings(ran).find(({ check }) => check === 'server') ?? { found: '', advice: '' };
    assert.match(found, /\[(key_wrong|storage_corrupt)\]$/);
    assert.ok(advice);
    assert.match((await cli(['doctor'])).out, /^✗ server (?:.*\n)+? +→ /m);
  });

  it('tells what is missing of an installation', async () => {
    using installed = tempFolder('installed');
    const dist = join(installed.path, 'dist');
    mkdirSync(dist);
    for (const name of ['cli.js', 'server.js', 'doctor.js', 'worker.js', 'keyring.js'])
      copyFileSync(join(repository, 'dist', name), join(dist, name));
    copyFileSync(join(repository, 'package.json'), join(installed.path, 'package.json'));
    cpSync(join(repository, 'media/models'), join(installed.path, 'media/models'), { recursive: true });
    // The folder of the test may lie in a repository, whose packages Node would find.
    const library = join(dist, 'node_modules/node-llama-cpp');
    mkdirSync(library, { recursive: true });
    writeFileSync(join(library, 'package.json'), '{"name":"node-llama-cpp","exports":{}}');
    const ran = runWith(process.execPath, dist);
    assert.equal(ran.code, 1, ran.err);
    assert.deepEqual(failures(ran), ['database', 'model', 'server']);
    rmSync(join(dist, 'doctor.js'));
    assert.ok(
      failures(runWith(process.execPath, dist)).includes('node'),
      'not even the program of the doctor is there',
    );
  });

  const old = olderNode();
  it('says so on an older Node', { skip: old === undefined && 'there is none on this machine' }, () => {
    const ran = runWith(old ?? '', join(repository, 'dist'));
    assert.deepEqual([ran.code, ran.err, failures(ran)], [1, '', ['node']]);
    const other = spawnSync(old ?? '', [join(repository, 'dist/cli.js'), 'status', '--json'], { encoding: 'utf8' });
    assert.equal(other.status, 78);
    assert.equal(JSON.parse(other.stderr).error.code, 'unsupported_node');
  });

  function runWith(node: string, dist: string): Ran {
    const { status, stdout, stderr } = spawnSync(node, [join(dist, 'cli.js'), 'doctor', '--json'], {
      cwd,
      env,
      encoding: 'utf8',
    });
    return { code: status, out: stdout, err: stderr };
  }
});

/** A Node of PATH that the product does not run on. */
function olderNode(): string | undefined {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return candidates.find((node) => {
    const { status, stdout } = spawnSync(node, ['-p', 'process.versions.napi'], { encoding: 'utf8' });
    return status === 0 && Number(stdout) < 10;
  });
}
