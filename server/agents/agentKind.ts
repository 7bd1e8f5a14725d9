import { type Editor, OspainError, type ProposalFile, type Task } from '../../protocol/index.ts';
import { selfRunning } from '../approvals/selfRunning.ts';
import type { Engine } from '../inference/engine.ts';
import type { Syntax } from '../syntax/syntax.ts';
import type { Attempt, Kind } from '../tasks/kind.ts';
import { plainBriefing } from './briefing.ts';
import { countChanges } from './changes.ts';
import type { Draft, Drafts } from './drafts.ts';
import { earlierTurns, type FindTask } from './earlierTurns.ts';
import { renderCall } from './format.ts';
import type { Guard } from './gate.ts';
import { createOverlay, type Overlay } from './overlay.ts';
import { type Past, readPast } from './past.ts';
import type { Proposals } from './proposals.ts';
import { type Request, taughtRequest } from './taught.ts';
import { isSoAlready, leftOver } from './taughtEdit.ts';
import { finish } from './tools/finish.ts';
import type { Tool } from './tools/tool.ts';
import { work } from './work.ts';

export interface AgentDeps {
  engine: Engine;
  proposals: Proposals;
  /** Real path of the workspace. */
  root: string;
  /** Tools besides those of the workspace itself. */
  also?: () => Promise<readonly Tool[]>;
  guard: Guard;
  syntax: Syntax;
  /** The editor that started the server, if one did. */
  editor?: Editor | undefined;
  findTask: FindTask;
  /** That a model may think before each call; 0 for none. */
  thinkingTokens: number;
}

/** Works an instruction call by call; its edits become a proposal. */
export function createAgentKind({
  engine,
  proposals,
  root,
  also = async () => [],
  guard,
  syntax,
  editor,
  findTask,
  thinkingTokens,
}: AgentDeps): Kind {
  return {
    name: 'agent',
    async run(attempt) {
      const { task } = attempt;
      const past = readPast(attempt.history);
      const kept = past.proposed ? undefined : finishEarlier(proposals, task);
      if (kept !== undefined) return kept;
      const info = engine.describe(task.model);
      const request = info.profile === 'tiny' ? taughtRequest(task.instruction, task.context) : undefined;
      const { drafts } = proposals;
      const overlay = createOverlay(root, draftsBehind(past, drafts, attempt));
      if (request && past.turns.size === 0 && isDone(request, overlay))
        return `${request.path} is so already; nothing was changed.`;
      // The embedded model was taught its own tools and no other.
      const tools = info.profile === 'tiny' ? [] : await also();
      const { turns, remark: leftOut } = earlierTurns(task, info, { find: findTask, question, answer });
      const around = {
        earlier: turns,
        overlay,
        request,
        also: tools,
        guard,
        syntax,
        editor,
        thinkingTokens,
        mode: 'act' as const,
      };
      const said = await work({ engine, attempt, info, past, drafts, ...around });
      return propose({ proposals, attempt, past, overlay, said: said + remark(request, overlay) + leftOut });
    },
  };
}

/** An earlier turn of a chat as a model hears it that answers with calls. */
const question = (task: Task): string => plainBriefing(task).text;
const answer = ({ result }: Task): string => renderCall({ tool: finish.name, outcome: 'done', body: result ?? '' });

/** The edits of this run. Those of steps that it goes back behind, or of an earlier run, are dropped first. */
function draftsBehind({ answered }: Past, drafts: Drafts, attempt: Attempt): Draft[] {
  const all = drafts.of(attempt.task);
  const kept = all.filter(({ turn }) => turn <= answered);
  if (kept.length < all.length) attempt.write(() => drafts.dropAfter(attempt.task, answered));
  return kept;
}

/**
 * An earlier run may have ended after its edits were accepted and before its own end was written. They are on disk, so
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

/**
 * Keeps the edits, in one transaction with their event, while the attempt holds the task. With auto-accept that
 * transaction also says so (`accepting`), and the files are written before the task's end: a server that dies anywhere
 * in between leaves a task that is run again, comes here by its log without a turn, and goes on with what is there. The
 * other order, end first, would need somebody to find ended tasks whose edits were never accepted.
 */
function propose({ proposals, attempt, past, overlay, said }: Proposing): string {
  const { task } = attempt;
  const files = overlay.changes();
  if (files.length === 0) return said;
  const held = task.autoAccept === 'none' ? [] : heldBack(files);
  const accept = task.autoAccept !== 'none' && held.length === 0;
  if (!past.proposed || proposals.find(task.id) === undefined) {
    attempt.checkpoint();
    attempt.progress(accept ? 'writing the edits' : 'proposing the edits');
    attempt.write(() => {
      proposals.put(task, files, { accept });
      attempt.emit('proposal', { status: 'open', files: files.map(countChanges) });
    });
  }
  if (!accept) return [said, ...held].join('\n');
  try {
    proposals.settle(task.id);
    if (proposals.show(task.id).status !== 'open') return said;
    return `${said}\nThe edits wait for you: a file was changed while the task ran.`;
  } catch (thrown) {
    const error = OspainError.from(thrown);
    if (error.code === 'internal') throw thrown;
    return `${said}\nThe edits wait for you: ${error.message}`;
  }
}

/** Files whose edits are not accepted without a person, each with the reason. */
const heldBack = (files: readonly ProposalFile[]): string[] =>
  files.flatMap((file) => {
    const why = selfRunning(file);
    return why === undefined ? [] : [`The edits wait for you: ${file.path} is changed, and ${why}.`];
  });

interface Proposing {
  proposals: Proposals;
  attempt: Attempt;
  past: Past;
  overlay: Overlay;
  said: string;
}

/** What the embedded model does not see of its own work. */
function remark(request: Request | undefined, overlay: Overlay): string {
  if (request?.act !== 'rename') return '';
  const changed = overlay.changes()[0];
  const lines = changed ? leftOver(request, changed.after ?? '') : [];
  if (!changed || lines.length === 0) return '';
  return `\n${changed.path} still has ${request.name} in line ${lines.slice(0, 10).join(', ')}; other files were not looked at.`;
}
