import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { activeTab, api, closeEditors, writeInFolder } from './product.ts';

const TEXT = 'function total_price(a, b) {\n  return a + b;\n}\n';

/** The lightbulb of the embedded model, as VS Code asks for it. */
describe('code actions', function () {
  this.timeout(120_000);
  const said = vscode.languages.createDiagnosticCollection('eslint');
  let document: vscode.TextDocument;
  let file = '';

  before(async () => {
    await (await api()).connect();
    file = await writeInFolder('src/prices.js', TEXT);
    document = await vscode.workspace.openTextDocument(file);
    const problem = new vscode.Diagnostic(
      new vscode.Range(0, 9, 0, 20),
      "Identifier 'total_price' is not in camel case.",
    );
    problem.source = 'eslint';
    problem.code = { value: 'camelcase', target: vscode.Uri.parse('https://eslint.org/') };
    said.set(document.uri, [problem]);
  });
  beforeEach(async () => {
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 12, 0, 12);
  });
  after(async () => {
    said.dispose();
    await closeEditors();
  });

  const offered = async (kind?: string): Promise<vscode.CodeAction[]> => {
    const range = new vscode.Range(0, 12, 0, 12);
    const all = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
      kind,
    );
    return all.filter(({ title }) => title.startsWith('OSPAiN2: '));
  };
  const run = async (title: string): Promise<void> => {
    const action = (await offered()).find((one) => one.title.startsWith(`OSPAiN2: ${title}`));
    assert.ok(action?.command, `${title} is not offered`);
    await vscode.commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
  };

  it('are what the embedded model can do', async () => {
    const actions = await offered();
    const [fix] = actions;
    assert.equal(fix?.title, 'OSPAiN2: Fix this problem: rename total_price to totalPrice');
    assert.deepEqual([fix.kind?.value, fix.isPreferred], ['quickfix', true]);
    const able = actions.filter(({ disabled }) => disabled === undefined).map(({ title }) => title);
    assert.ok(able.includes('OSPAiN2: Explain total_price'), able.join('\n'));
    assert.ok(!able.some((title) => title.includes('Write Tests')), able.join('\n'));
    assert.deepEqual((await offered('quickfix')).length, 1);
  });

  it('explain in a hover on the code', async () => {
    await run('Explain total_price');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(1, 3),
    );
    const texts = hovers.flatMap(({ contents }) => contents.map((content) => (content as vscode.MarkdownString).value));
    assert.ok(
      texts.some((text) => text.startsWith('total_price returns the sum of a and b.')),
      texts.join('\n'),
    );
  });

  it('fix a problem: unsaved changes are saved, and the proposal is shown where the person is', async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(3, 0), '// typed\n');
    await vscode.workspace.applyEdit(edit);
    assert.ok(document.isDirty);
    await run('Fix this problem');
    assert.equal(await readFile(file, 'utf8'), `${TEXT}// typed\n`, 'nothing but what was typed');
    assert.ok(activeTab()?.input instanceof vscode.TabInputTextDiff, activeTab()?.label);
    await vscode.commands.executeCommand('ospain2.proposal.accept');
    assert.equal(await readFile(file, 'utf8'), `${TEXT.replace('total_price', 'totalPrice')}// typed\n`);
  });

  it('stand above the code where the setting says so', async () => {
    const lenses = async () =>
      (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri))
        .flatMap(({ command }) => command ?? [])
        .filter(({ command }) => command === 'ospain2.action.run');
    assert.deepEqual(await lenses(), []);
    const settings = vscode.workspace.getConfiguration('ospain2');
    await settings.update('codeLens', true, vscode.ConfigurationTarget.Global);
    try {
      assert.ok((await lenses()).some(({ title }) => title.startsWith('Explain')));
    } finally {
      await settings.update('codeLens', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
