import * as vscode from 'vscode';
import { hunksAt } from '../../protocol/proposalFiles.ts';
import type { Selection } from '../../protocol/proposals.ts';
import { t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import type { HunkArgument } from '../views/hunkLenses.ts';
import { proposalSide } from '../views/proposalUri.ts';
import { type Command, connected } from './command.ts';
import { decidePart, type PartDecision } from './decisions.ts';
import { pathOf, taskIdOf } from './taskArgument.ts';

/** Commands on a part of a proposal: a hunk by a lens, by the cursor or by its line; a file by its row or by the editor. */
export const hunkCommands: Readonly<Record<string, Command>> = {
  'ospain2.hunk.accept': connected((context, argument) => decideHunks(context, argument, 'proposal/accept')),
  'ospain2.hunk.reject': connected((context, argument) => decideHunks(context, argument, 'proposal/reject')),
  'ospain2.proposal.acceptFile': connected((context, argument) => decideFile(context, argument, 'proposal/accept')),
  'ospain2.proposal.rejectFile': connected((context, argument) => decideFile(context, argument, 'proposal/reject')),
};

interface Part {
  taskId: string;
  files: Selection;
}

async function decideHunks(context: Connected, argument: unknown, method: PartDecision): Promise<unknown> {
  const part = isHunk(argument)
    ? { taskId: argument.taskId, files: [{ path: argument.path, hunks: [argument.hunk] }] }
    : await hunksInEditor(context, argument);
  if (part !== undefined) return decidePart(context, method, part.taskId, part.files);
  void vscode.window.showInformationMessage(t('Put the cursor into a change that is left to decide.'));
  return undefined;
}

async function decideFile(context: Connected, argument: unknown, method: PartDecision): Promise<unknown> {
  const side = sideInEditor();
  const taskId = taskIdOf(argument) ?? side?.taskId;
  const path = pathOf(argument) ?? side?.path;
  if (taskId !== undefined && path !== undefined) return decidePart(context, method, taskId, [{ path }]);
  void vscode.window.showInformationMessage(t('Open the comparison of a file first.'));
  return undefined;
}

const sideInEditor = () => {
  const editor = vscode.window.activeTextEditor;
  return editor && proposalSide(editor.document.uri);
};

async function hunksInEditor({ reviews }: Connected, argument: unknown): Promise<Part | undefined> {
  const editor = vscode.window.activeTextEditor;
  const side = sideInEditor();
  if (editor === undefined || side === undefined) return undefined;
  const { taskId, path } = side;
  if (side.side === 'conflict') return undefined;
  const proposal = await reviews.load(taskId);
  const file = proposal.files.find((one) => one.path === path);
  if (file === undefined) return undefined;
  // A moved file is decided on whole: its lines stand between two files.
  if (proposal.moves.some(({ from, to }) => from === path || to === path)) return { taskId, files: [{ path }] };
  const { start, end } = editor.selection;
  const [first, last] = lineOf(argument) ?? [start.line + 1, end.line + 1];
  const hunks = hunksAt(file, side.side, first, last).map(({ id }) => id);
  return hunks.length === 0 ? undefined : { taskId, files: [{ path, hunks }] };
}

/** What the menu of line numbers gives: a line, from 1. */
function lineOf(argument: unknown): [number, number] | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { lineNumber } = argument as { lineNumber?: unknown };
  return typeof lineNumber === 'number' ? [lineNumber, lineNumber] : undefined;
}

function isHunk(argument: unknown): argument is HunkArgument {
  if (typeof argument !== 'object' || argument === null) return false;
  const { taskId, path, hunk } = argument as Record<string, unknown>;
  return typeof taskId === 'string' && typeof path === 'string' && typeof hunk === 'string';
}
