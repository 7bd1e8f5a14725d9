import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { ChatMessage, ToolCall } from '../protocol/inference.ts';
import type { Model } from '../protocol/models.ts';
import { t } from '../protocol/words.ts';
import { readChatMessages } from './chatMessages.ts';
import type { Connection } from './connection.ts';
import { problemOf, problemText } from './problem.ts';
import { abortOn } from './signal.ts';
import { workspaceFolder } from './workspace.ts';

const VENDOR = 'ospain2';
/** Tokens that are kept free for an answer, at most. */
const ANSWER = 4096;
/** Characters of a token, on average, rather too few than too many: only a model's own vocabulary knows better. */
const CHARACTERS = 3;

/** The models of this machine in VS Code's own chat, and for other extensions. */
export function registerChatModels(connection: Connection): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.LanguageModelChatProvider = {
    onDidChangeLanguageModelChatInformation: changed.event,
    async provideLanguageModelChatInformation({ silent }) {
      const mayStart = workspaceFolder() !== undefined && vscode.workspace.isTrusted;
      if (!mayStart || (silent && connection.state.name !== 'running')) return [];
      const client = await connection.connect();
      const { models } = await client.request('model/list', {});
      return models.filter(talks).map(informationOf);
    },
    async provideLanguageModelChatResponse(model, messages, { tools = [], toolMode, modelOptions }, progress, token) {
      const client = await connection.connect();
      const requestId = randomUUID();
      const { signal, dispose } = abortOn(token);
      const listening = connection.on('inference/didText', (piece) => {
        if (piece.requestId === requestId) progress.report(new vscode.LanguageModelTextPart(piece.text));
      });
      try {
        const { calls } = await client.request(
          'inference/chat',
          {
            requestId,
            model: model.id,
            messages: messages.flatMap(messagesOf),
            tools: tools.map(({ name, description, inputSchema }) => ({
              name,
              description,
              ...(inputSchema && { parameters: inputSchema as Record<string, unknown> }),
            })),
            ...(toolMode === vscode.LanguageModelChatToolMode.Required && { toolChoice: 'required' as const }),
            temperature: temperatureOf(modelOptions),
          },
          { signal },
        );
        for (const call of calls) progress.report(partOf(call));
      } catch (thrown) {
        if (token.isCancellationRequested) throw new vscode.CancellationError();
        throw new Error(problemText(problemOf(thrown)), { cause: thrown });
      } finally {
        listening.dispose();
        dispose();
      }
    },
    async provideTokenCount(_model, text) {
      const whole =
        typeof text === 'string'
          ? text
          : messagesOf(text)
              .map((message) => message.text)
              .join('\n');
      return Math.ceil(whole.length / CHARACTERS);
    },
  };
  return vscode.Disposable.from(
    changed,
    connection.on('model/didChange', () => changed.fire()),
    connection.onDidChangeState(({ name }) => {
      if (name === 'running' || name === 'failed') changed.fire();
    }),
    vscode.lm.registerLanguageModelChatProvider(VENDOR, provider),
  );
}

/** The embedded model was only taught tasks. */
const talks = ({ profile, format }: Model): boolean => profile !== 'tiny' && format === 'gguf';

function informationOf(model: Model): vscode.LanguageModelChatInformation {
  const output = Math.min(ANSWER, Math.floor(model.contextLength / 2));
  return {
    id: `${model.name}@${model.version}`,
    name: model.name,
    family: model.architecture ?? model.name,
    version: model.version,
    detail: [t('on this machine'), ...model.aliases].join(' · '),
    tooltip: [model.name, model.version, model.quantization].filter(Boolean).join(' '),
    maxInputTokens: model.contextLength - output,
    maxOutputTokens: output,
    capabilities: { toolCalling: true },
  };
}

const messagesOf = ({ role, content }: vscode.LanguageModelChatRequestMessage): ChatMessage[] =>
  readChatMessages(role === vscode.LanguageModelChatMessageRole.Assistant ? 'assistant' : 'user', content, {
    text: (part) => (part instanceof vscode.LanguageModelTextPart ? part.value : undefined),
    call: (part) => (part instanceof vscode.LanguageModelToolCallPart ? part : undefined),
    result: (part) => (part instanceof vscode.LanguageModelToolResultPart ? part : undefined),
  });

const partOf = ({ id, name, arguments: text }: ToolCall) =>
  new vscode.LanguageModelToolCallPart(id, name, JSON.parse(text) as object);

const temperatureOf = (options: { readonly [name: string]: unknown } | undefined): number => {
  const { temperature } = options ?? {};
  return typeof temperature === 'number' ? temperature : 0;
};
