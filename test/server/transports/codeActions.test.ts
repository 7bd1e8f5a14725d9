import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { CodeAction, CodeLens, Command, Diagnostic, Hover, InitializeResult, Range } from 'vscode-languageserver';
import { createStreamLink } from '../../../server/transports/editorLink.ts';
import { serveLsp } from '../../../server/transports/lsp.ts';
import { openApp, serverFolders } from '../../contract/app.ts';

const PAGE = "import { totalPrise } from './orders.ts';\nexport const PRICES = 4;\n";
const ORDERS = 'export function totalPrice(a, b) {\n  return a + b;\n}\n';
const literals = { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } };
const able = {
  textDocument: { codeAction: { ...literals, disabledSupport: true, isPreferredSupport: true } },
  window: { workDoneProgress: true },
};

interface Options {
  capabilities?: object;
  settings?: object;
  /** What the person answers each question of a message with. */
  answers?: (string | null)[];
}

/** An editor with two open files over a real server with the embedded model. */
async function editor({ capabilities = able, settings = {}, answers = [] }: Options = {}) {
  const folders = serverFolders();
  const file = (path: string) => join(folders.workspace, path);
  writeFileSync(file('src/page.ts'), PAGE);
  writeFileSync(file('src/orders.ts'), ORDERS);
  const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
  const ended = Promise.withResolvers<void>();
  serveLsp({
    ...createStreamLink(toServer, fromServer),
    start: ({ workspace, settings = {} }) => openApp(workspace, folders.env, settings as object),
    exit: () => ended.resolve(),
  });
  const connection = createMessageConnection(new StreamMessageReader(fromServer), new StreamMessageWriter(toServer));
  /** All that the server said on its own, and who waits for more of it. */
  const told: { method: string; params: Record<string, unknown> }[] = [];
  let look = () => {};
  const tell = (method: string, params: object) => {
    told.push({ method, params: params as Record<string, unknown> });
    look();
  };
  const rest = [...answers];
  connection.onRequest((method, params) => {
    tell(method, params as object);
    if (method !== 'window/showMessageRequest') return null;
    const title = rest.shift() ?? null;
    return title === null ? null : { title };
  });
  connection.onNotification((method, params) => tell(method, params as object));
  connection.onUnhandledProgress((params) => tell('$/progress', params));
  connection.listen();
  const { capabilities: offered } = await connection.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: pathToFileURL(folders.workspace).href,
    capabilities,
    initializationOptions: settings,
  });
  await connection.sendNotification('initialized', {});
  const uri = (path: string) => pathToFileURL(file(path)).href;
  const open = (path: string, text: string) =>
    connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: uri(path), languageId: 'typescript', version: 1, text },
    });
  await open('src/page.ts', PAGE);
  await open('src/orders.ts', ORDERS);
  return {
    connection,
    offered,
    uri,
    told,
    open,
    read: (path: string) => readFileSync(file(path), 'utf8'),
    write: (path: string, text: string) => writeFileSync(file(path), text),
    actions: (path: string, range: Range, context: object = {}) =>
      connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
        textDocument: { uri: uri(path) },
        range,
        context: { diagnostics: [], ...context },
      }),
    run: ({ command, arguments: given }: Command) =>
      connection.sendRequest<{ taskId: string; number: number }>('workspace/executeCommand', {
        command,
        arguments: given,
      }),
    /** The first message of the server that is so. */
    async heard(is: (message: { method: string; params: Record<string, unknown> }) => boolean) {
      const found = Promise.withResolvers<Record<string, unknown>>();
      look = () => {
        const message = told.find(is);
        if (message) found.resolve(message.params);
      };
      look();
      return found.promise;
    },
    async [Symbol.asyncDispose]() {
      await connection.sendRequest('shutdown');
      // The library would end this process at `exit`.
      toServer.end();
      await ended.promise;
      connection.dispose();
      folders[Symbol.dispose]();
    },
  };
}

const range = (line: number, from: number, to = from): Range => ({
  start: { line, character: from },
  end: { line, character: to },
});

const problem: Diagnostic = {
  range: range(0, 9, 19),
  message: `'"./orders.ts"' has no exported member named 'totalPrise'. Did you mean 'totalPrice'?`,
  code: 2724,
  source: 'ts',
};

const named = (name: string) => (action: CodeAction) => action.title.startsWith(`OSPAiN2: ${name}`);
const commandOf = (action: CodeAction | undefined): Command => {
  assert.ok(action?.command, JSON.stringify(action));
  return action.command;
};

test('a problem is fixed: the lightbulb, progress, a proposal that is shown and accepted', async () => {
  await using there = await editor({ answers: ['Show', 'Accept'] });
  const offered = await there.actions('src/page.ts', range(0, 12), { diagnostics: [problem], triggerKind: 2 });
  const fix = offered.find(named('Fix this problem'));
  assert.equal(fix?.title, 'OSPAiN2: Fix this problem: rename totalPrice to totalPrise in src/orders.ts');
  assert.deepEqual([fix.kind, fix.isPreferred, fix.diagnostics], ['quickfix', undefined, [problem]]);
  assert.match(offered.find(named('Write Tests'))?.disabled?.reason ?? '', /embedded model/);
  const { taskId, number } = await there.run(commandOf(fix));
  await there.heard(
    ({ method, params }) =>
      method === 'task/didChange' && (params['task'] as { proposal: string }).proposal === 'accepted',
  );
  assert.equal(there.read('src/orders.ts'), ORDERS.replace('totalPrice', 'totalPrise'));
  assert.equal(there.read('src/page.ts'), PAGE);
  const messages = there.told.filter(({ method }) => method === 'window/showMessageRequest');
  assert.equal(messages[0]?.params['message'], `Task ${number} proposes: Renamed totalPrice to totalPrise.`);
  assert.match(
    String(messages[1]?.params['message']),
    /^-export function totalPrice\(a, b\) \{\n\+export function totalPrise/m,
  );
  const progress = there.told.flatMap(({ method, params }) =>
    method === '$/progress' ? [params['value'] as { kind: string; title?: string; cancellable?: boolean }] : [],
  );
  assert.deepEqual([progress[0]?.kind, progress.at(-1)?.kind], ['begin', 'end']);
  assert.deepEqual([progress[0]?.title, progress[0]?.cancellable], [fix.title, true]);
  assert.equal(
    (await there.connection.sendRequest<{ task: { priority: number } }>('task/show', { taskId })).task.priority,
    1000,
  );
});

test('Explain answers with a message and, as long as the code is as it was, with a hover', async () => {
  await using there = await editor();
  const explain = (await there.actions('src/orders.ts', range(1, 4))).find(named('Explain totalPrice'));
  await there.run(commandOf(explain));
  const { message } = await there.heard(({ method }) => method === 'window/showMessage');
  assert.equal(message, 'totalPrice returns the sum of a and b.');
  const hover = (line: number) =>
    there.connection.sendRequest<Hover | null>('textDocument/hover', {
      textDocument: { uri: there.uri('src/orders.ts') },
      position: { line, character: 1 },
    });
  assert.deepEqual((await hover(0))?.contents, { kind: 'markdown', value: message });
  const change = (text: string, line: number, character = 0) =>
    there.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: there.uri('src/orders.ts'), version: 2 },
      contentChanges: [{ range: range(line, character), text }],
    });
  await change('// above\n', 0);
  assert.equal(await hover(0), null);
  assert.ok(await hover(2), 'it moves with its code');
  await change('-', 2, 9);
  assert.equal(await hover(2), null, 'and goes when that is another');
});

test('the text that is open is asked about; edits of a file that is not saved are refused with a reason', async () => {
  await using there = await editor();
  there.write('src/orders.ts', ORDERS.replace('a + b', 'a * b'));
  const [explain] = (await there.actions('src/orders.ts', range(1, 4))).filter(named('Explain'));
  await there.run(commandOf(explain));
  const { message } = await there.heard(({ method }) => method === 'window/showMessage');
  assert.equal(message, 'totalPrice returns the sum of a and b.');
  const order = { uri: there.uri('src/orders.ts'), name: 'document', title: 'x', range: range(1, 4), said: 'Adds.' };
  const refused = there.run({ title: '', command: 'ospain2.action', arguments: [order] });
  await assert.rejects(refused, { message: /src\/orders\.ts has changes that are not saved.* Save the file/ });
});

test('a proposal is not accepted over changes that the editor has not saved', async () => {
  await using there = await editor({ answers: ['Accept', 'Reject'] });
  const [fix] = (await there.actions('src/page.ts', range(0, 12), { diagnostics: [problem] })).filter(named('Fix'));
  await there.connection.sendNotification('textDocument/didChange', {
    textDocument: { uri: there.uri('src/orders.ts'), version: 2 },
    contentChanges: [{ range: range(0, 0), text: '// typed\n' }],
  });
  await there.run(commandOf(fix));
  const warned = ({ params }: { params: Record<string, unknown> }) =>
    /^Not saved: src\/orders\.ts/.test(String(params['message']));
  await there.heard(warned);
  await there.heard(
    ({ method, params }) =>
      method === 'task/didChange' && (params['task'] as { proposal: string }).proposal === 'rejected',
  );
  assert.equal(there.read('src/orders.ts'), ORDERS);
});

test('what a person must say stands in a comment, or the action says so', async () => {
  await using there = await editor();
  const [document] = (await there.actions('src/orders.ts', range(0, 4))).filter(named('Document'));
  assert.match(document?.disabled?.reason ?? '', /ospain2: …/);
  const text = `// ospain2: Adds two prices.\n${ORDERS}`;
  there.write('src/sums.ts', text.replace('totalPrice', 'sum'));
  await there.open('src/sums.ts', text.replace('totalPrice', 'sum'));
  const all = { start: { line: 0, character: 0 }, end: { line: 4, character: 0 } };
  const [said] = (await there.actions('src/sums.ts', all)).filter(named('Document'));
  assert.equal(said?.title, 'OSPAiN2: Document sum: Adds two prices.');
  await there.run(commandOf(said));
  const { message } = await there.heard(({ method }) => method === 'window/showMessageRequest');
  assert.equal(message, 'Task 1 proposes: Documented sum.');
});

test('an editor without literals gets commands, without disabled ones, and only the kinds that it asks for', async () => {
  await using there = await editor({ capabilities: {} });
  const commands = (await there.actions('src/orders.ts', range(1, 4))) as unknown as Command[];
  assert.deepEqual(
    commands.map(({ title, command }) => [title, command]),
    [['OSPAiN2: Explain totalPrice', 'ospain2.action']],
  );
  for (const [only = '', ...kinds] of [
    ['quickfix', 'fix'],
    ['refactor'],
    ['ospain2', 'explain'],
    ['', 'fix', 'explain'],
  ]) {
    const context = { diagnostics: [{ ...problem, range: range(1, 0, 9) }], only: [only] };
    const found = (await there.actions('src/page.ts', range(1, 4), context)) as unknown as Command[];
    assert.deepEqual(
      found.map(({ arguments: [order] = [] }) => (order as { name: string }).name),
      kinds,
      only,
    );
  }
  const automatic = await there.actions('src/orders.ts', range(1, 4), { triggerKind: 2 });
  assert.deepEqual(automatic, [], 'nobody asked, nothing is wrong');
});

test('lenses are there for who asked for them', async () => {
  await using none = await editor();
  assert.equal(none.offered.codeLensProvider, undefined);
  await using there = await editor({ settings: { codeLens: true } });
  assert.deepEqual(there.offered.codeLensProvider, {});
  const lenses = await there.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
    textDocument: { uri: there.uri('src/orders.ts') },
  });
  assert.deepEqual(
    lenses.map(({ range, command }) => [range.start.line, command?.title]),
    [[0, 'OSPAiN2: Explain totalPrice']],
  );
});

test('files that are not open, not here or not of the workspace, and orders that are none', async () => {
  await using there = await editor();
  await there.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri: 'untitled:one', languageId: 'typescript', version: 1, text: ORDERS },
  });
  await there.open('../outside.ts', ORDERS);
  for (const uri of ['untitled:one', there.uri('src/none.ts'), there.uri('../outside.ts')]) {
    const params = { textDocument: { uri }, range: range(1, 4), context: { diagnostics: [] } };
    assert.deepEqual(await there.connection.sendRequest('textDocument/codeAction', params), []);
    const order = { uri, name: 'explain', title: 'Explain', range: range(1, 4) };
    await assert.rejects(there.run({ title: '', command: 'ospain2.action', arguments: [order] }));
  }
  for (const given of [undefined, [], [null], [{ uri: 7 }]])
    await assert.rejects(
      there.connection.sendRequest('workspace/executeCommand', { command: 'ospain2.action', arguments: given }),
      { message: /was not understood/ },
    );
});
