import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { assertSupportedNode } from '../../../server/storage/node.ts';
import { tempFolder } from '../../support/temp.ts';

const versions = (napi: string | undefined, node: string) =>
  ({ ...process.versions, node, napi }) as NodeJS.ProcessVersions;

test('a Node that the database addon would end without a word is refused', () => {
  assertSupportedNode();
  assertSupportedNode(versions('10', '22.14.0'));
  for (const [napi, node] of [
    ['9', '20.20.2'],
    ['9', '22.13.1'],
    [undefined, '8.0.0'],
  ] as const)
    assert.throws(() => assertSupportedNode(versions(napi, node)), {
      code: 'unsupported_node',
      message: new RegExp(node),
    });
});

test('opening the database on an old Node is an error, not a crash', { timeout: 120_000 }, async (t) => {
  const old = oldNode();
  if (old === undefined) return t.skip('no Node older than 22.14 is on PATH; the check itself is tested above');
  using temp = tempFolder('node');
  const outfile = join(temp.path, 'open.mjs');
  await build({
    stdin: {
      contents: `import { openDatabase } from './database.ts';
        openDatabase({ file: process.argv[2], key: '0'.repeat(96) }).then(
          () => console.log('opened'), (error) => console.log(error.code));`,
      resolveDir: fileURLToPath(new URL('../../../server/storage', import.meta.url)),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['better-sqlite3'],
    outfile,
  });
  const { status, stdout } = spawnSync(old, [outfile, join(temp.path, 'x.db')], { encoding: 'utf8' });
  assert.deepEqual({ status, stdout }, { status: 0, stdout: 'unsupported_node\n' });
});

/** A Node on this machine that lacks Node-API 10. */
function oldNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(process.platform === 'win32' ? ';' : ':');
  for (const folder of ['/usr/local/bin', '/usr/bin', ...folders]) {
    const program = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
    try {
      if (Number(execFileSync(program, ['-p', 'process.versions.napi'], { encoding: 'utf8' })) < 10) return program;
    } catch {
      // Not there, or not a Node that runs.
    }
  }
  return undefined;
}
