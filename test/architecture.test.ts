import { deepEqual, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import {
  longFiles,
  MAX_LINES,
  MAX_MEDIAN_LINES,
  medianLines,
  narrowedTests,
  strayTests,
  unfinishedFiles,
} from './support/architecture/files.ts';
import { circularImports, forbiddenImports } from './support/architecture/imports.ts';
import { commandMismatches, type Manifest, settingMismatches } from './support/architecture/manifest.ts';
import { readTree, type Tree } from './support/architecture/tree.ts';
import { manifestTextProblems, type Texts } from './support/languages/manifestTexts.ts';

const root = path.resolve(import.meta.dirname, '..');
const tree = readTree(root);
const json = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const manifest: Manifest = json('package.json');
const manifestTexts: Texts = {
  en: json('package.nls.json'),
  de: json('package.nls.de.json'),
  'zh-cn': json('package.nls.zh-cn.json'),
};

const sources: Tree = new Map([...tree].filter(([file]) => !file.startsWith('test/')));

describe('the sources', () => {
  it('are found', () => ok(tree.size > 50, `only ${tree.size} files`));
  it('import only what their place may', () => deepEqual(forbiddenImports(tree), []));
  it('have no circular imports', () => deepEqual(circularImports(tree), []));
  it(`have no file above ${MAX_LINES} lines`, () => deepEqual(longFiles(tree), []));
  it(`have a median of at most ${MAX_MEDIAN_LINES} lines`, (t) => {
    t.diagnostic(`${tree.size} files, median ${medianLines(tree)} lines`);
    ok(medianLines(sources) <= MAX_MEDIAN_LINES);
  });
  it('define the commands that the manifest declares', () => deepEqual(commandMismatches(tree, manifest), []));
  it('read the settings that the manifest declares', () => deepEqual(settingMismatches(tree, manifest), []));
  it('have a manifest that speaks every language', () => deepEqual(manifestTextProblems(manifest, manifestTexts), []));
  it('are finished', () => deepEqual(unfinishedFiles(tree), []));
  it('have tests where one looks for them', () => deepEqual(strayTests(tree), []));
  it('have tests that all run', () => deepEqual(narrowedTests(tree), []));
});

/** A tree that breaks a rule, and a part of what the rule says about it. */
type Case = readonly [name: string, files: Readonly<Record<string, string>>, says: RegExp];

const imports: readonly Case[] = [
  ['protocol → a package but zod', { 'protocol/a.ts': "import { readFileSync } from 'node:fs';" }, /node:fs/],
  ['protocol → server', { 'protocol/a.ts': "import type { A } from '../server/a.ts';" }, /\.\.\/server/],
  ['extension → server', { 'extension/a.ts': "import { a } from '../server/app.ts';" }, /\.\.\/server/],
  ['extension → the database', { 'extension/a.ts': "import Database from 'better-sqlite3';" }, /better-sqlite3/],
  ['cli → server', { 'cli/a.ts': "export * from '../server/log.ts';" }, /\.\.\/server/],
  ['cli → server, later', { 'cli/a.ts': "const a = await import('../server/log.ts');" }, /\.\.\/server/],
  ['agents → the network', { 'server/agents/a.ts': "import { resolve } from 'node:dns/promises';" }, /node:dns/],
  ['webview → Node', { 'webview/a.ts': "import 'node:fs';" }, /node:fs/],
  ['a page → another page', { 'webview/pages/a/A.tsx': "import { B } from '../b/B.tsx';" }, /\.\.\/b/],
  ['a control → a store', { 'webview/ui/a.tsx': "import { useTask } from '../stores/hub.ts';" }, /stores/],
  ['a page → the toolkit', { 'webview/pages/a/A.tsx': "import '@vscode/webview-ui-toolkit';" }, /toolkit/],
  ['the server → React', { 'server/tasks/a.ts': "import { useState } from 'react';" }, /react/],
  ['server → VS Code', { 'server/handlers/a.ts': "import * as vscode from 'vscode';" }, /vscode/],
  ['transports → tasks', { 'server/transports/a.ts': "import { a } from '../tasks/queue.ts';" }, /tasks/],
  ['tasks → agents', { 'server/tasks/a.ts': "import {\n  a,\n  b,\n} from '../agents/kinds.ts';" }, /agents/],
  ['storage → tasks', { 'server/storage/a.ts': "import { a } from '../tasks/queue.ts';" }, /tasks/],
  ['agents → models', { 'server/agents/a.ts': "import { a } from '../models/registry.ts';" }, /models/],
  ['models → inference', { 'server/models/a.ts': "import { a } from '../inference/pool.ts';" }, /inference/],
  ['core → a composition root', { 'server/tasks/a.ts': "import { a } from '../app.ts';" }, /app\.ts/],
  ['llama outside its folder', { 'server/inference/a.ts': "import { getLlama } from 'node-llama-cpp';" }, /llama/],
  ['the database outside storage', { 'server/tasks/a.ts': "import type D from 'better-sqlite3';" }, /better-sqlite3/],
  ['a folder that no rule knows', { 'server/misc/a.ts': '' }, /no place/],
];

const manifestOf = (commands: readonly string[], settings: readonly string[] = []): Manifest => ({
  contributes: {
    commands: commands.map((command) => ({ command })),
    configuration: { properties: Object.fromEntries(settings.map((name) => [name, {}])) },
  },
});

const fake = (files: Readonly<Record<string, string>>): Tree => new Map(Object.entries(files));

describe('the rules', () => {
  for (const [name, files, says] of imports)
    it(`see ${name}`, () => {
      const [first = '', ...more] = forbiddenImports(fake(files));
      match(first, says);
      deepEqual(more, []);
    });

  it('allow what the design allows', () => {
    const files = {
      'protocol/a.ts': "import { z } from 'zod';\nimport { b } from './b.ts';",
      'extension/a.ts': "import * as vscode from 'vscode';\nimport { a } from '../protocol/index.ts';",
      'server/agents/a.ts': "import { a } from '../tasks/kind.ts';\nimport { b } from '../inference/engine.ts';",
      'server/inference/llama/a.ts': "import { getLlama } from 'node-llama-cpp';",
      'server/app.ts': "import { a } from './tasks/queue.ts';",
      'server/tasks/a.ts': "// import { a } from '../agents/a.ts';\n/* import '../app.ts'; */",
    };
    deepEqual(forbiddenImports(fake(files)), []);
  });

  it('see a circle, and a diamond is none', () => {
    const circle = { 'cli/a.ts': "import './b.ts';", 'cli/b.ts': "import './c.ts';", 'cli/c.ts': "import './a.ts';" };
    deepEqual(circularImports(fake(circle)), ['cli/a.ts → cli/b.ts → cli/c.ts → cli/a.ts']);
    const diamond = {
      'cli/a.ts': "import './b.ts';\nimport './c.ts';",
      'cli/b.ts': "import './c.ts';",
      'cli/c.ts': '',
    };
    deepEqual(circularImports(fake(diamond)), []);
  });

  it('see a long file and count the median', () => {
    const files = fake({
      'cli/a.ts': 'x\n'.repeat(MAX_LINES + 1),
      'cli/b.ts': 'x\n'.repeat(MAX_LINES),
      'cli/c.ts': 'x\n',
    });
    deepEqual(longFiles(files), [`cli/a.ts has ${MAX_LINES + 1} lines`]);
    deepEqual(medianLines(files), MAX_LINES);
  });

  it('see commands that code and manifest do not share', () => {
    const code = fake({
      'extension/commands/a.ts': "  'ospain2.task.new': a,\n  'ospain2.task.old': b,\n",
      'extension/b.ts': "run('ospain2.task.typo');",
    });
    deepEqual(commandMismatches(code, manifestOf(['ospain2.task.new', 'ospain2.task.gone'])), [
      'ospain2.task.gone is in the manifest, and no code defines it',
      'ospain2.task.old is defined, and the manifest does not say so',
      'extension/b.ts mentions ospain2.task.typo, which is no command',
    ]);
    const menu = {
      contributes: { commands: [{ command: 'ospain2.task.new' }], menus: [{ command: 'ospain2.task.typo' }] },
    };
    const same = fake({ 'extension/a.ts': "  'ospain2.task.new': a," });
    deepEqual(commandMismatches(same, menu), ['package.json mentions ospain2.task.typo, which is no command']);
    deepEqual(commandMismatches(same, manifestOf(['ospain2.task.new'])), []);
    const view = {
      ...menu.contributes,
      views: { a: [{ id: 'ospain2.tasks' }] },
      menus: [{ command: 'ospain2.tasks.focus' }],
    };
    deepEqual(commandMismatches(same, { contributes: view }), []);
  });

  it('see settings that code and manifest do not share', () => {
    const code = fake({
      'extension/settings.ts': "section().get<string[]>('models', []); affectsConfiguration('ospain2.thread');",
      'extension/b.ts': "getConfiguration('ospain2').get('models')",
    });
    deepEqual(settingMismatches(code, manifestOf([], ['ospain2.threads'])), [
      'ospain2.models is read, and not declared',
      'ospain2.thread is read, and not declared',
      'ospain2.threads is declared, and never read',
      'extension/b.ts reads settings; extension/settings.ts does that',
    ]);
    const fine = fake({ 'extension/settings.ts': "section().get('models', [])" });
    deepEqual(settingMismatches(fine, manifestOf([], ['ospain2.models'])), []);
  });

  it('see texts of the manifest that a language lacks, or has otherwise', () => {
    const command = { command: 'ospain2.task.new', title: '%command.task.new%' };
    const welcome = { view: 'ospain2.tasks', contents: '%welcome%' };
    const speaking = {
      displayName: 'OSPAiN2',
      contributes: { commands: [command], viewsWelcome: [welcome], chatParticipants: [{ name: 'typed' }] },
    };
    const en = { 'command.task.new': 'New Task…', welcome: 'None.\n[New Task](command:ospain2.task.new)' };
    const de = { 'command.task.new': 'Neue Aufgabe…', welcome: 'Keine.\n[Neue Aufgabe](command:ospain2.task.new)' };
    deepEqual(manifestTextProblems(speaking, { en, de }), []);
    deepEqual(manifestTextProblems({ contributes: { views: { a: [{ name: 'Tasks' }] } } }, {}), [
      'contributes.views.a.0.name is no key: Tasks',
    ]);
    deepEqual(
      manifestTextProblems(speaking, { en, de: { ...de, welcome: '[Los](command:ospain2.task.old)', old: '' } }),
      [
        'de has old, which nothing uses',
        'de has another link in welcome',
        'de has another line break in welcome',
        'de has no text in old',
      ],
    );
    const { welcome: _, ...less } = de;
    deepEqual(manifestTextProblems(speaking, { en, de: { ...less, 'command.task.new': 'Neue Aufgabe' } }), [
      'de has no text for welcome',
      'de has another ellipsis at the end in command.task.new',
    ]);
    deepEqual(manifestTextProblems(speaking, { en, de: { ...de, welcome: de.welcome.replace('Neue', 'Eine') } }), [
      'de calls task.new "Eine Aufgabe" in welcome, and "Neue Aufgabe" elsewhere',
    ]);
  });

  it('see what is not finished, hidden or misplaced', () => {
    const mark = ['TO', 'DO'].join('');
    deepEqual(unfinishedFiles(fake({ 'cli/a.ts': `// ${mark}: later`, 'cli/b.ts': '' })).length, 1);
    const only = ['it', 'only'].join('.');
    deepEqual(narrowedTests(fake({ 'test/cli/a.test.ts': `  ${only}('a', b);`, 'test/cli/b.test.ts': '' })).length, 1);
    const files = fake({
      'cli/a.ts': '',
      'server/inference/llama/worker.ts': '',
      'test/cli/a.test.ts': '',
      'test/cli/gone.test.ts': '',
      'test/server/inference/llama.test.ts': '',
      'test/e2e/anything.test.ts': '',
      'test/extension/anything.spec.ts': '',
    });
    deepEqual(strayTests(files), ['test/cli/gone.test.ts is the test of no source file']);
  });
});
