import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { nativeFiles } from '../../../scripts/packaging/nativeCheck.ts';
import { HEADER_BYTES, nativeKind } from '../../../scripts/packaging/nativeFile.ts';
import { hostName, targetNamed } from '../../../scripts/packaging/target.ts';
import { packageVsix } from '../../../scripts/packaging/vsix.ts';
import { readZip, type ZipEntry } from '../../../scripts/packaging/zip.ts';
import { languages } from '../../../server/syntax/languages.ts';

const target = targetNamed(hostName);

/** A generation of a few tokens by the packaged model, by nothing but packaged files. */
const generate = `
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, maxThreads: 1, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: process.argv[2] });
const context = await model.createContext({ contextSize: 256, threads: 1 });
const grammar = await llama.getGrammarFor('json');
const tokens = [];
for await (const token of context.getSequence().evaluate(model.tokenize('Plan: a release'), { temperature: 0 })) {
  if (tokens.push(token) === 4) break;
}
process.stdout.write(llama.buildType + ' ' + tokens.length + ' ' + typeof grammar, () => process.exit(0));
`;

/** A file of each language, read by nothing but packaged grammars. */
const parse = `
import { createRequire } from 'node:module';
import { readdirSync } from 'node:fs';
const require = createRequire(import.meta.url);
const { Parser, Language } = require('@vscode/tree-sitter-wasm');
await Parser.init();
const parser = new Parser();
const folder = new URL('node_modules/@vscode/tree-sitter-wasm/wasm/', import.meta.url);
const grammars = readdirSync(folder).filter((name) => /-.*-.*[.]wasm$/.test(name));
for (const name of grammars) {
  parser.setLanguage(await Language.load(require.resolve('@vscode/tree-sitter-wasm/wasm/' + name)));
  if (parser.parse('x').rootNode.text !== 'x') throw new Error(name);
}
process.stdout.write(String(grammars.length));
`;

describe('the VSIX', () => {
  let file = '';
  let entries: ZipEntry[] = [];
  const named = (name: string): ZipEntry => {
    const found = entries.find((entry) => entry.path === name);
    ok(found, `${name} is not in the VSIX`);
    return found;
  };

  before(async () => {
    // The run of all tests has made it already; this file alone makes its own.
    file = process.env.OSPAIN2_TEST_VSIX || (await packageVsix(target)).file;
    entries = await readZip(file);
  });

  it('is small', async () => ok((await stat(file)).size <= 40 * 1024 * 1024));

  it('is for this platform', () => {
    match(named('extension.vsixmanifest').read().toString(), new RegExp(`TargetPlatform="${target.name}"`));
  });

  it('holds what runs', () => {
    const dist = [
      'extension.cjs',
      'languageClient.cjs',
      'server.js',
      'keyring.js',
      'worker.js',
      'cli.js',
      'NOTICES.txt',
    ].map((name) => `dist/${name}`);
    for (const name of [...dist, ...nativeFiles(target), 'package.json', 'media/models/canary.gguf'])
      ok(named(`extension/${name}`).bytes > 0, name);
    const main: unknown = JSON.parse(named('extension/package.json').read().toString()).main;
    named(path.posix.join('extension', String(main)));
  });

  it('holds the texts of every language', () => {
    const bundles = ['de', 'zh-cn'].map((language) => `l10n/bundle.l10n.${language}.json`);
    for (const name of ['package.nls.json', 'package.nls.de.json', 'package.nls.zh-cn.json', ...bundles])
      named(`extension/${name}`);
  });

  it('holds native files of this platform only', () => {
    const kinds = entries.flatMap((entry) => {
      const kind = nativeKind(entry.read().subarray(0, HEADER_BYTES));
      return kind === undefined ? [] : [{ path: entry.path, ...kind }];
    });
    ok(kinds.length >= 3);
    deepEqual(
      kinds.filter(({ os: system, cpu }) => system !== target.os || (cpu !== target.cpu && cpu !== 'universal')),
      [],
    );
  });

  it('holds nothing that only the repository needs', () => {
    const extra =
      /\.(ts|map|bundle|tsbuildinfo)$|\/(test|scripts|models\/canary|docs|\.git[^/]*|\.vscode)\/|cmake-js|\/addon\//;
    const ours = entries.filter(({ path: name }) => extra.test(name) && !name.startsWith('extension/media/sample/'));
    deepEqual(
      ours.map(({ path: name }) => name),
      [],
    );
    const manifest = Object.keys(JSON.parse(named('extension/package.json').read().toString()));
    for (const key of ['scripts', 'dependencies', 'devDependencies', 'overrides']) ok(!manifest.includes(key), key);
  });

  describe('unpacked far from the repository', () => {
    let folder = '';
    before(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'vsix-'));
      for (const entry of entries) {
        const to = path.join(folder, entry.path);
        await mkdir(path.dirname(to), { recursive: true });
        await writeFile(to, entry.read());
      }
    });
    after(() => rm(folder, { recursive: true, force: true }));

    it('searches files', () => {
      const rg = path.join(folder, 'extension', nativeFiles(target).find((name) => /rg(\.exe)?$/.test(name)) ?? '');
      // VS Code gives unpacked files the mode that the VSIX has; this unpacking does not.
      chmodSync(rg, 0o755);
      const { stdout } = spawnSync(rg, ['--files-with-matches', '"publisher"', 'extension/package.json'], {
        cwd: folder,
        encoding: 'utf8',
      });
      equal(stdout.trim(), 'extension/package.json');
    });

    it('reads the structure of files', async () => {
      const program = path.join(folder, 'extension/dist/parse.mjs');
      await writeFile(program, parse);
      const env = { PATH: process.env.PATH, HOME: folder, NODE_PATH: '' };
      const { stdout, stderr } = spawnSync(process.execPath, [program], { env, cwd: folder, encoding: 'utf8' });
      equal(stdout, String(new Set(languages.map(({ grammar }) => grammar)).size), stderr);
    });

    it('makes tokens', async () => {
      const program = path.join(folder, 'extension/dist/generate.mjs');
      await writeFile(program, generate);
      const model = path.join(folder, 'extension/media/models/canary.gguf');
      const env = { PATH: process.env.PATH, HOME: folder, NODE_PATH: '' };
      const { stdout, stderr } = spawnSync(process.execPath, [program, model], {
        env,
        cwd: folder,
        encoding: 'utf8',
        timeout: 180_000,
      });
      equal(stdout, 'prebuilt 4 object', stderr);
    });
  });
});
