import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { api, closeEditors, useModel, writeInFolder } from './product.ts';

const edit = (path: string, search: string, replace: string) =>
  `{"tool":"edit_file","path":"${path}"}\n<<<<<<< SEARCH\n${search}=======\n${replace}>>>>>>> REPLACE`;
const CHANGES = [
  '{"tool":"read_file","path":"src/chat.ts","from":1,"to":300}',
  edit('src/chat.ts', 'export const CHAT = 1;\n', 'export const CHAT = 2;\n'),
  edit('src/talk.ts', '', 'export const TALK = 3;\n'),
  '{"tool":"finish","outcome":"done"}\nIt is two.',
];

interface Said {
  readonly text: string;
  readonly progress: readonly string[];
  readonly buttons: readonly vscode.Command[];
  readonly result: vscode.ChatResult;
}

/**
 * What VS Code's chat does with `@ospain2`, without its window: that asks for an account before it takes a word. The handler
 * is the one that is registered, and server, model and files are real.
 */
describe('the chat participant', function () {
  this.timeout(180_000);
  let folder = '';

  const say = async (
    prompt: string,
    more: { command?: string; history?: readonly Said[]; cancelled?: boolean } = {},
  ): Promise<Said> => {
    const { chat } = await api();
    let text = '';
    const [progress, buttons]: [string[], vscode.Command[]] = [[], []];
    const stream = {
      markdown: (piece: string) => {
        text += piece;
      },
      progress: (line: string) => progress.push(line),
      button: (command: vscode.Command) => buttons.push(command),
    } as unknown as vscode.ChatResponseStream;
    const request = { prompt, command: more.command, references: [] } as unknown as vscode.ChatRequest;
    const history = (more.history ?? []).map(({ result }) => ({ participant: 'ospain2.chat', result }));
    const cancellation = new vscode.CancellationTokenSource();
    if (more.cancelled) cancellation.cancel();
    const context = { history } as unknown as vscode.ChatContext;
    const result = (await chat(request, context, stream, cancellation.token)) ?? {};
    return { text, progress, buttons, result };
  };
  const taskOf = async ({ result }: Said) => {
    const client = await (await api()).connect();
    return (await client.request('task/show', { taskId: String(result.metadata?.['taskId']) })).task;
  };

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'ospain2-chat-'));
    await writeInFolder('src/chat.ts', 'export const CHAT = 1;\n');
  });
  after(async () => {
    await closeEditors();
    await useModel(undefined);
    await rm(folder, { recursive: true });
  });

  it('is in the manifest, with its commands', () => {
    const { packageJSON } = vscode.extensions.getExtension('ospain2.ospain2') ?? {};
    const [participant] = packageJSON.contributes.chatParticipants;
    assert.deepEqual([participant.id, participant.name], ['ospain2.chat', 'ospain2']);
    assert.deepEqual(
      participant.commands.map(({ name }: { name: string }) => name),
      ['ask', 'agent', 'plan'],
    );
  });

  it('answers, and the next question continues the task', async () => {
    const model = path.join(folder, 'talker.gguf');
    writeScriptedModel(model, [{ answers: ['It is one.'] }]);
    await useModel(model);
    const first = await say('What is CHAT?');
    assert.equal(first.text, 'It is one.');
    const second = await say('Are you sure?', { history: [first] });
    const [one, two] = [await taskOf(first), await taskOf(second)];
    assert.deepEqual([one.kind, one.priority, one.continues], ['ask', 1000, null]);
    assert.equal(two.continues, one.id);
    assert.deepEqual(
      second.buttons.map(({ command }) => command),
      ['ospain2.task.open'],
    );
  });

  it('changes files with /agent: the proposal has buttons', async () => {
    const model = path.join(folder, 'worker.gguf');
    writeScriptedModel(model, [{ answers: CHANGES }]);
    await useModel(model);
    const said = await say('Make it two', { command: 'agent' });
    assert.equal(said.text, 'It is two.');
    const accept = said.buttons.find(({ title }) => title === 'Accept');
    assert.ok(accept, JSON.stringify(said));
    await vscode.commands.executeCommand(accept.command, ...(accept.arguments ?? []));
    const file = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'src/chat.ts');
    assert.equal(await readFile(file, 'utf8'), 'export const CHAT = 2;\n');
  });

  it('says why it could not, and is cancelled with its request', async () => {
    await useModel(undefined);
    const failed = await say('Write a poem');
    assert.match(failed.result.errorDetails?.message ?? '', /The embedded model was not taught this/);
    const after = await say('What does CHAT in src/chat.ts do?', { history: [failed] });
    assert.equal((await taskOf(after)).continues, null, 'a failed turn is not continued');
    const cancelled = await say('What does CHAT in src/chat.ts do?', { cancelled: true });
    assert.equal((await taskOf(cancelled)).status, 'cancelled');
  });
});
