import { OspainError, type Task } from '../../protocol/index.ts';
import type { Answer, Engine, ModelInfo, Turn } from '../inference/engine.ts';
import type { Attempt, Kind } from '../tasks/kind.ts';
import { countChanges } from './changes.ts';
import { type Call, parseCall, renderCall, renderError, renderResult } from './format.ts';
import { callGrammar } from './grammar.ts';
import { answerTokens, charactersIn, takeTurn } from './modelTurn.ts';
import { createOverlay, type Overlay } from './overlay.ts';
import { contextTurn, cutOff, lastEditFailed, systemText } from './prompts.ts';
import type { Proposals } from './proposals.ts';
import { type Request, requestTurn, taughtRequest } from './taught.ts';
import { isAsked, isSoAlready, leftOver } from './taughtEdit.ts';
import { runCall, type ToolResult, type WorkCall } from './tools.ts';
import { shown } from './workspacePaths.ts';

export interface AgentDeps {
  engine: Engine;
  proposals: Proposals;
  /** Real path of the workspace. */
  root: string;
}

const MAX_TURNS = 24;
/** The same call this often, with nothing changed in between, ends the task. */
const MAX_SAME = 3;
/** Answers in a row that are no call. The first two are told what is wrong. */
const MAX_UNREADABLE = 3;

/** Works an instruction call by call; its edits become a proposal. */
export function createAgentKind({ engine, proposals, root }: AgentDeps): Kind {
  return {
    name: 'agent',
    async run(attempt) {
      const { task } = attempt;
      const kept = finishEarlier(proposals, task);
      if (kept !== undefined) return kept;
      const info = engine.describe(task.model);
      const request = info.profile === 'tiny' ? taughtRequest(task.instruction, task.context) : undefined;
      const overlay = createOverlay(root);
      if (request && isDone(request, overlay)) return `${request.path} is so already; nothing was changed.`;
      const said = await work({ engine, attempt, info, overlay, request });
      return propose(proposals, attempt, overlay, said + remark(request, overlay));
    },
  };
}

/**
 * An earlier attempt may have died after its edits were accepted and before its end was written. They are on disk, so
 * working again would do the task twice.
 */
function finishEarlier(proposals: Proposals, task: Task): string | undefined {
  proposals.settle(task.id);
  const earlier = proposals.find(task.id);
  if (earlier?.status !== 'accepted') return undefined;
  return `Changed ${earlier.files.map(({ path }) => path).join(', ')}.`;
}

/** The embedded model was never taught to see that there is nothing to do. */
function isDone(request: Request, overlay: Overlay): boolean {
  try {
    const place = overlay.find(request.path);
    return place.is === 'file' && isSoAlready(request, overlay.read(place) ?? '');
  } catch {
    // What is wrong with the file is for the loop to say.
    return false;
  }
}

interface Work {
  engine: Engine;
  attempt: Attempt;
  info: ModelInfo;
  overlay: Overlay;
  /** What the embedded model was asked for, when it is the model. */
  request: Request | undefined;
}

/** The loop: resolves with what the model says in the end, when it says that it is done. */
async function work({ engine, attempt, info, overlay, request }: Work): Promise<string> {
  const maxTokens = answerTokens(info);
  const grammar = { gbnf: callGrammar(info.profile) };
  const system = systemText(info.profile);
  // Append-only, so that the worker keeps what it has evaluated.
  const turns: Turn[] = [{ role: 'user', text: request ? requestTurn(request) : firstTurn(attempt.task) }];
  const calls = new Map<string, number>();
  let unreadable = 0;
  let failedEdit: string | undefined;
  let refused = false;

  for (let turn = 1; turn <= MAX_TURNS; turn++) {
    const answer = await takeTurn({ engine, attempt, turn, system, turns, grammar, maxTokens });
    const tell = (text: string): void => {
      turns.push({ role: 'assistant', text: answer.text }, { role: 'user', text });
    };
    const parsed = parseCall(answer.text);
    if (!parsed.ok) {
      const problem = answer.stop === 'maxTokens' ? cutOff(maxTokens) : parsed.problem;
      attempt.emit('result', { turn, ok: false, text: problem });
      if (++unreadable === MAX_UNREADABLE) throw badAnswer(problem);
      tell(renderError(problem));
      continue;
    }
    unreadable = 0;
    const { call } = parsed;
    attempt.progress(progressOf(call));
    attempt.emit('call', { turn, tool: call.tool, summary: summaryOf(call) });
    if (call.tool === 'finish') {
      if (call.outcome !== 'done')
        throw new OspainError('task_failed', call.text || `The model ended as ${call.outcome}.`);
      if (failedEdit === undefined) return call.text || 'Done.';
      if (refused) throw falseDone(failedEdit);
      refused = true;
      attempt.emit('result', { turn, ok: false, text: lastEditFailed(failedEdit) });
      tell(renderError(lastEditFailed(failedEdit)));
      continue;
    }
    const key = renderCall(call);
    calls.set(key, (calls.get(key) ?? 0) + 1);
    if (calls.get(key) === MAX_SAME)
      throw endless(`The model made the same call ${MAX_SAME} times: ${summaryOf(call)}.`);
    const result = await answerCall(call, { attempt, info, overlay, request, answer, maxTokens });
    attempt.emit('result', { turn, ok: result.ok, text: result.text });
    if (call.tool === 'edit_file') {
      failedEdit = result.ok ? undefined : result.text;
      // What was asked before the change may be asked again after it.
      if (result.ok) calls.clear();
    }
    tell(result.ok ? renderResult(result.text) : renderError(result.text));
  }
  throw endless(`The model did not come to an end in ${MAX_TURNS} turns.`);
}

function firstTurn({ instruction, context }: Task): string {
  return context ? contextTurn({ instruction, path: shown(context.path), text: context.text }) : instruction;
}

async function answerCall(
  call: WorkCall,
  { attempt, info, overlay, request, answer, maxTokens }: Omit<Work, 'engine'> & { answer: Answer; maxTokens: number },
): Promise<ToolResult> {
  const { promptTokens, generatedTokens } = answer.usage;
  // Room for the next answer stays free.
  const room = charactersIn(info.contextLength - promptTokens - generatedTokens - maxTokens);
  const result = await runCall(call, {
    overlay,
    room,
    signal: attempt.signal,
    ...(request ? { isAsked: (edit) => isAsked(request, edit) } : {}),
  });
  // An answer of more than one line would end the model's reading of what is wrong.
  return result.ok ? result : { ok: false, text: result.text.replace(/\s*\n\s*/g, ' ') };
}

/**
 * Keeps the edits, in one transaction with their event, while the attempt holds the task. With auto-accept that
 * transaction also says so (`accepting`), and the files are written before the task's end: a server that dies anywhere
 * in between leaves a task that is run again, finds its edits begun or accepted (`finishEarlier`), and only ends. The
 * other order, end first, would need somebody to find ended tasks whose edits were never accepted.
 */
function propose(proposals: Proposals, attempt: Attempt, overlay: Overlay, said: string): string {
  const { task } = attempt;
  const files = overlay.changes();
  if (files.length === 0) return said;
  attempt.progress(task.autoAccept ? 'writing the edits' : 'proposing the edits');
  attempt.write(() => {
    proposals.put(task, files, { accept: task.autoAccept });
    attempt.emit('proposal', { status: 'open', files: files.map(countChanges) });
  });
  if (!task.autoAccept) return said;
  try {
    proposals.settle(task.id);
    if (proposals.show(task.id).status === 'accepted') return said;
    return `${said}\nThe edits wait for you: a file was changed while the task ran.`;
  } catch (thrown) {
    const error = OspainError.from(thrown);
    if (error.code === 'internal') throw thrown;
    return `${said}\nThe edits wait for you: ${error.message}`;
  }
}

/** What the embedded model does not see of its own work. */
function remark(request: Request | undefined, overlay: Overlay): string {
  if (request?.act !== 'rename') return '';
  const changed = overlay.changes()[0];
  const lines = changed ? leftOver(request, changed.after) : [];
  if (!changed || lines.length === 0) return '';
  return `\n${changed.path} still has ${request.name} in line ${lines.slice(0, 10).join(', ')}; other files were not looked at.`;
}

const summaries: { [T in Call['tool']]: (call: Extract<Call, { tool: T }>) => [doing: string, what: string] } = {
  read_file: ({ path }) => ['reading', `read ${shown(path)}`],
  list_files: ({ path }) => ['listing', `list ${shown(path)}`],
  search_text: ({ path, text }) => ['searching', `search ${shown(text)} in ${shown(path)}`],
  edit_file: ({ path, edits }) => [
    'editing',
    `edit ${shown(path)}${edits.length > 1 ? ` in ${edits.length} places` : ''}`,
  ],
  finish: ({ outcome }) => ['finishing', `finish: ${outcome}`],
};

const describeCall = (call: Call): [doing: string, what: string] =>
  // TypeScript cannot pair a call with its own row over a union; the table does.
  (summaries[call.tool] as (call: Call) => [string, string])(call);

const summaryOf = (call: Call): string => describeCall(call)[1];

const progressOf = (call: Call): string =>
  call.tool === 'finish' ? 'finishing' : `${describeCall(call)[0]} ${shown(call.path)}`;

const endless = (message: string): OspainError =>
  new OspainError('loop', message, { hint: 'Say it in another way, in smaller steps, or with a larger model.' });

const badAnswer = (problem: string): OspainError =>
  new OspainError('bad_answer', `The model’s answers could not be read: ${problem}.`, {
    hint: 'Try again, or with a larger model.',
  });

const falseDone = (problem: string): OspainError =>
  new OspainError('task_failed', `The model said that it is done, but its last edit did not work: ${problem}.`, {
    hint: 'Nothing was changed. Say it in another way, or use a larger model.',
  });
