import { OspainError, type ProposalFile } from '../../../protocol/index.ts';
import type { RecordAudit } from '../../audit/auditLog.ts';
import type { CommandEnd, Ending } from '../../commands/command.ts';
import type { Commands } from '../../commands/commands.ts';
import { redact } from '../../secrets/redaction.ts';
import { ignoreTest } from '../files.ts';
import type { Overlay } from '../overlay.ts';
import { shown } from '../workspacePaths.ts';
import { defineTool, right, type Tool, type ToolResult, wrong } from './tool.ts';

/** Characters of output that a model is shown at most, and what stays free of its room for the lines around it. */
const MOST = 12_000;
const AROUND = 1500;
/** Paths that one result names. */
const NAMED = 20;

export interface RunCommandDeps {
  commands: Commands;
  /** Real path of the workspace. */
  root: string;
  audit: RecordAudit;
}

/**
 * In a sandbox a command changes a view of the workspace, which has the task's edits in it, and what it changed there
 * becomes edits of the task. Without one it changes the disk, so it runs only when a person agreed to that very command.
 */
export const createRunCommand = ({ commands, root, audit }: RunCommandDeps): Tool =>
  defineTool({
    name: 'run_command',
    header: { command: 'text' },
    body: 'none',
    example: { command: 'npm test' },
    does: `runs a command of ${SHELLS[commands.shell]} in the workspace, with your edits in place and no network. Nobody can answer it. Text files that it changes become edits of yours.`,
    effect: 'act',
    family: 'commands',
    async about({ command }) {
      const { kind, reason } = await commands.sandbox();
      const sandboxed = kind !== 'none';
      return {
        command: { line: String(command), shell: commands.shell, sandboxed, note: sandboxed ? undefined : reason },
      };
    },
    words: ({ command }) => ({ doing: `running ${shown(command)}`, what: `run ${shown(command)}` }),
    async run({ command }, context) {
      const { overlay, room, signal, agreed = false, tell } = context;
      const { kind, reason } = await commands.sandbox();
      if (kind === 'none' && !agreed) return wrong(`nobody agreed to run this command. ${reason}`);
      // With its words: a log that hides what ran would be of no use. Its environment is in no place.
      const { text: subject } = await redact(command);
      audit({ type: 'command.begun', subject, details: { sandbox: kind, agreed } });
      const end = await commands.run({
        command,
        edits: new Map(overlay.changes().map(({ path, after }) => [path, after])),
        ignored: ignoreTest(root),
        timeoutMs: commands.timeoutMs,
        maxOutput: Math.max(500, Math.min(MOST, room - AROUND)),
        signal,
        ...(tell ? { onText: tell } : {}),
      });
      const { ending, code, changes } = end;
      const files = changes.map(({ path }) => path).slice(0, NAMED);
      audit({ type: 'command.ended', subject, details: { ending, code: code ?? null, files } });
      return resultOf(end, kind === 'none', overlay, commands.timeoutMs);
    },
  }) as Tool;

const SHELLS = { posix: 'Bash', powershell: 'PowerShell', cmd: 'cmd.exe' } as const;

function resultOf(end: CommandEnd, isOpen: boolean, overlay: Overlay, timeoutMs: number): ToolResult {
  const { edited, left } = takeOver(end, overlay);
  const lines = [end.ending === 'itself' ? `exit code ${end.code ?? 'unknown'}` : endings[end.ending](timeoutMs)];
  if (end.output.trim() !== '') lines.push(end.output.replace(/\n+$/, ''));
  if (edited.length > 0) lines.push(`changed: ${namesOf(edited.map(({ path }) => shown(path)))}`);
  if (left.length > 0) lines.push(`not taken over: ${namesOf(left.map(({ path, why }) => `${shown(path)} (${why})`))}`);
  if (!end.complete) lines.push('It changed more than is listed here.');
  if (isOpen) lines.push('It ran on the files on disk, without your edits.');
  return { ...right(lines.join('\n')), ...(edited.length > 0 ? { edited } : {}) };
}

const endings: Record<Exclude<Ending, 'itself'>, (timeoutMs: number) => string> = {
  time: (timeoutMs) => `stopped after ${timeoutMs / 1000} s; what it changed is dropped`,
  memory: () => 'stopped: it took too much memory; what it changed is dropped',
  processes: () => 'stopped: it started too many processes; what it changed is dropped',
  output: () => 'stopped: it printed too much; what it changed is dropped',
};

/** What a command wrote is as little trusted as what a model writes: each path and each text goes the way of an edit. */
function takeOver(end: CommandEnd, overlay: Overlay): { edited: ProposalFile[]; left: CommandEnd['left'] } {
  const edited: ProposalFile[] = [];
  const left = [...end.left];
  for (const { path, text } of end.changes) {
    try {
      const place = overlay.find(path);
      // Under another name, as a link gives one, it is not what the command changed.
      if (place.path !== path) left.push({ path, why: 'a link leads elsewhere' });
      else edited.push(text === null ? overlay.remove(place) : overlay.write(place, text));
    } catch (thrown) {
      const { code, message } = OspainError.from(thrown);
      if (code === 'internal') throw thrown;
      left.push({ path, why: message.replace(/\.$/, '') });
    }
  }
  return { edited, left };
}

const namesOf = (names: readonly string[]): string => {
  const more = names.length - NAMED;
  return [...names.slice(0, NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
};
