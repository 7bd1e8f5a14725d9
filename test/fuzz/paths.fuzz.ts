import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';
import fc from 'fast-check';
import { nearestPath, resolveInside } from '../../server/agents/workspacePaths.ts';
import { joined, writtenAs } from '../../server/notes/links.ts';
import { folderPath, notePath } from '../../server/notes/notePath.ts';
import { junk, mutated, sayingsOf } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';
import { tempFolder } from '../support/temp.ts';

/** Paths that models, people and repositories name: nothing leads out of the workspace, and no note's path out of its folder. */
const corpus = [
  ...[
    'src/a.ts',
    'link/secret',
    'deep/../a',
    './a',
    'C:\\a',
    '\\\\host\\share',
    '/etc/passwd',
    'src//a.ts',
    '.git/config',
    'loop/loop/a',
  ],
  ...sayingsOf('test/server/agents/workspacePaths.test.ts', 'test/server/notes/notePath.test.ts').filter((text) =>
    /[/\\.]/.test(text),
  ),
];
const words = [
  '../',
  '..\\',
  '/',
  '\\',
  '.',
  '..',
  ':',
  '\0',
  ' ',
  'NUL',
  'con.md',
  '.git',
  '.GIT',
  '.g\u200bit',
  'link/',
  'out',
  '~',
  '%2e%2e/',
  '.md',
  '\u2025/',
];

export default target({
  inputs: fc.oneof(mutated(corpus, words), junk),
  batch: 2000,
  open() {
    const folder = tempFolder('fuzz-paths');
    const root = join(realpathSync.native(folder.path), 'root');
    for (const path of ['root/src', 'root/.git', 'outside']) mkdirSync(join(folder.path, path), { recursive: true });
    for (const path of ['root/src/a.ts', 'outside/secret', 'root/.git/config'])
      writeFileSync(join(folder.path, path), '');
    symlinkSync(join(folder.path, 'outside'), join(root, 'link'));
    symlinkSync(join(folder.path, 'outside/secret'), join(root, 'src', 'out'));
    symlinkSync(join(root, 'loop'), join(root, 'loop'));
    symlinkSync(join(root, '.git'), join(root, 'innocent'));
    return {
      run(named) {
        nearestPath(named.slice(0, 200), ['src/a.ts', 'README.md']);
        writtenAs(true, 'a/b.md', named, false);
        assert.ok(!joined('a/b', named).split('/').includes('..'));
        const problems: unknown[] = [];
        const attempt = (ask: () => void) => {
          try {
            ask();
          } catch (thrown) {
            problems.push(thrown);
          }
        };
        for (const platform of ['linux', 'win32'] as const)
          attempt(() => {
            const { absolute, path } = resolveInside(root, named, platform);
            inside(absolute === root ? '' : absolute, root);
            const real = realOf(absolute);
            if (real !== root) inside(real, root);
            assert.ok(!path.toLowerCase().split('/').includes('.git'), path);
          });
        for (const pathOf of [notePath, folderPath])
          attempt(() => {
            const path = pathOf(named);
            assert.ok(!isAbsolute(path) && !/[\\:\0]|(^|\/)\.\.?(\/|$)/.test(path), path);
            assert.equal(pathOf(path), path);
          });
        for (const problem of problems)
          if (!(problem instanceof Error && 'code' in problem && problem.code !== 'ERR_ASSERTION')) throw problem;
      },
      close: () => folder[Symbol.dispose](),
    };
  },
});

const inside = (path: string, root: string): void => assert.ok(path === '' || path.startsWith(root + sep), path);

function realOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
