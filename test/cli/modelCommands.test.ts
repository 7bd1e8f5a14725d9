import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Model } from '../../protocol/index.ts';
import { writeRandomModel } from '../support/gguf/randomModel.ts';
import { jsonLines, ownWorkspace } from './command.ts';

describe('ospain2 model', { timeout: 600_000 }, () => {
  const { cwd, cli, env } = ownWorkspace();
  const file = join(cwd, 'small-coder-F32.gguf');
  const ok = async (...args: string[]) => {
    const ran = await cli(['model', ...args]);
    assert.equal(ran.code, 0, ran.err);
    return ran.out;
  };

  it('imports a file, once, under a name and a version', async () => {
    writeRandomModel(file);
    const args = ['import', file, '--name', 'coder', '--alias', 'fill', '--licence', 'MIT'];
    assert.match(await ok(...args), /^coder@1\.0\.0 is imported \(\d.* [kM]B\)\.\n$/);
    assert.match(await ok(...args, '--version', '1.0.0'), /^coder@1\.0\.0 was there already/);
    assert.ok(existsSync(file), 'a copy takes nothing away');
  });

  it('lists and shows it', async () => {
    const listed = await ok('list');
    assert.match(listed, /^model +version +size +type +context +tokens\/s +state +aliases\n/);
    assert.match(listed, /^coder +1\.0\.0 +\d.* F32 +2048 +idle +fill$/m);
    assert.match(listed, /^canary .* default$/m);
    const shown = await ok('show', 'fill');
    assert.match(shown, /^coder 1\.0\.0, .* in 1 file\n/);
    assert.match(shown, /^ {2}licence +MIT$/m);
    assert.match(shown, /^ {2}sha256 +[0-9a-f]{64}$/m);
    assert.match(shown, /sha256-[0-9a-f]{64} \(in the store\)/);
    const { model } = jsonLines((await cli(['--json', 'model', 'show', 'coder@1.0.0'])).out)[0] ?? {};
    assert.deepEqual(Model.parse(model).aliases, ['fill']);
  });

  it('gives and takes names and labels', async () => {
    assert.equal(await ok('alias', 'fast', 'coder'), 'fast leads to coder@1.0.0.\n');
    assert.equal(await ok('unalias', 'fast'), 'There is no alias fast any more.\n');
    assert.equal(await ok('tag', 'coder', '--add', 'tried', 'small'), 'coder@1.0.0: small, tried\n');
    assert.equal(await ok('tag', 'coder', '--remove', 'small'), 'coder@1.0.0: tried\n');
  });

  it('verifies it, and tells damage', async () => {
    assert.equal(await ok('verify', 'coder'), 'coder@1.0.0 is as it was imported (1 file).\n');
    const { files } = jsonLines((await cli(['--json', 'model', 'show', 'coder'])).out)[0] as {
      files: { path: string }[];
    };
    const [stored] = files;
    assert.ok(stored);
    const bytes = readFileSync(stored.path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(stored.path, bytes);
    const ran = await cli(['model', 'verify', 'coder']);
    assert.equal(ran.code, 1);
    assert.match(ran.out, /^damaged {2}.*sha256-/);
    assert.match(await ok('list'), /^coder .* failed/m);
  });

  it('removes it and what lies around', async () => {
    assert.match(await ok('remove', 'coder'), /is removed; .* are free again\. The alias fill went with it\.\n$/);
    assert.doesNotMatch(await ok('list'), /coder/);
    assert.match(await ok('gc', '--dry-run'), /^(Nothing lies around|Would free)/);
  });

  it('loads, measures and unloads one', async () => {
    assert.equal(await ok('load', 'canary'), 'canary@1.0.0 is loaded.\n');
    assert.equal(await ok('pin', 'canary'), 'canary@1.0.0 stays loaded.\n');
    assert.match(await ok('list'), /^canary .* idle, pinned +default$/m);
    assert.equal(await ok('unpin', 'canary'), 'canary@1.0.0 may be unloaded to make room.\n');
    assert.equal(await ok('unload', 'canary'), 'canary@1.0.0 is not loaded any more.\n');
    assert.match(
      await ok('bench', 'canary'),
      /^measured +prompt tokens\/s +answer tokens\/s +load +memory +threads\n\d{4}-/,
    );
    assert.match(await ok('list'), /^canary .* \d+\.\d +idle +default$/m);
  });

  it('adopts what another program holds, and names what could be pulled', async () => {
    assert.match(await ok('adoptable'), /^Neither Ollama/);
    const held = join(cwd, 'home/.lmstudio/models/someone/coder-GGUF');
    mkdirSync(held, { recursive: true });
    writeRandomModel(join(held, 'coder-F32.gguf'));
    const adopted = await cli(['model', 'adopt', '--all'], { env: { ...env, HOME: join(cwd, 'home') } });
    assert.match(adopted.out, /^coder.*@1\.0\.0 is adopted; its file is shared\.\n$/, adopted.err);
    assert.match(await ok('catalogue'), /^name +for +tasks +licence +pull as\n.+ \d+ GiB .* hf:/);
  });

  const misuses: [args: string[], exit: number, reason: RegExp][] = [
    [['show', 'nothing'], 66, /no model "nothing"/],
    [['import', 'missing.gguf'], 3, /missing\.gguf/],
    [['import', 'small-coder-F32.gguf', '--name', '../x'], 64, /name/],
    [['import', 'small-coder-F32.gguf', '--version', 'one'], 64, /version/],
    [['import', 'small-coder-F32.gguf', '--link', '--move'], 64, /either linked or moved/],
    [['alias', 'default', 'nothing'], 66, /no model "nothing"/],
    [['remove', 'canary'], 4, /ships with/],
    [['adopt'], 64, /--all/],
  ];
  for (const [args, exit, reason] of misuses)
    it(`${args.join(' ')} ends with ${exit}`, async () => {
      const ran = await cli(['model', ...args]);
      assert.match(ran.err, reason);
      assert.deepEqual([ran.code, ran.out], [exit, '']);
    });
});
