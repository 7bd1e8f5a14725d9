import type { Profile } from '../../../protocol/index.ts';
import type { Form } from '../format.ts';
import { askPerson } from './askPerson.ts';
import { deleteFile } from './deleteFile.ts';
import { diagnostics } from './diagnostics.ts';
import { editFile, editTaught } from './editFile.ts';
import { findSymbol } from './findSymbol.ts';
import { finish, finishPlan } from './finish.ts';
import { listFiles } from './listFiles.ts';
import { createMoreTools } from './moreTools.ts';
import { moveFile } from './moveFile.ts';
import { readFile, readWhole } from './readFile.ts';
import { searchText } from './searchText.ts';
import type { Tool } from './tool.ts';
import { writeFile } from './writeFile.ts';
import { writeFunction } from './writeFunction.ts';

/** The tools of a task. Fixed for its whole life, so that what the model has read of them stays evaluated. */
export interface ToolSet {
  /** Ends the task. */
  readonly finish: typeof finish;
  /** What the model is told of from the start, in this order; `finish` comes behind them. */
  readonly inSight: readonly Tool[];
  /** What it may call as well, when a result named it or `more_tools` showed it. */
  readonly further: readonly Tool[];
}

/** What the tools of a task depend on. */
export interface Situation {
  /** While it plans, and where the workspace is not trusted, a task only looks and asks. */
  mode: 'plan' | 'act';
  /** What the core has besides the tools of the workspace itself. */
  also: readonly Tool[];
}

/** In the order in which a model is told of them. */
const OF_THE_WORKSPACE: readonly Tool[] = [
  listFiles,
  searchText,
  readFile,
  findSymbol,
  diagnostics,
  editFile,
  writeFunction,
  writeFile,
  moveFile,
  deleteFile,
  askPerson,
];

/** What a model needs most, first: one of a few billion weights chooses well among six, with `more_tools` and `finish`. */
const MOST_NEEDED = ['read_file', 'search_text', 'edit_file', 'run_command', 'list_files', 'find_symbol', 'ask_person'];
const IN_SIGHT = 4;

/** The tools of a task; the embedded model was taught two, and `finish`. */
export function toolsOf(profile: Profile, { mode, also }: Situation = { mode: 'act', also: [] }): ToolSet {
  if (profile === 'tiny') return { finish, inSight: [readWhole, editTaught], further: [] };
  const allowed = [...OF_THE_WORKSPACE, ...also].filter(
    ({ effect }) => mode === 'act' || effect === 'look' || effect === 'ask',
  );
  const first = MOST_NEEDED.filter((name) => allowed.some((tool) => tool.name === name)).slice(0, IN_SIGHT);
  const isFirst = ({ name }: Tool): boolean => first.includes(name);
  const further = allowed.filter((tool) => !isFirst(tool));
  const more = further.length === 0 ? [] : [createMoreTools(further)];
  return {
    finish: mode === 'plan' ? finishPlan : finish,
    inSight: [...allowed.filter(isFirst), ...more],
    further,
  };
}

/** Everything that a model is told of from the start. */
export const formsInSight = ({ inSight, finish }: ToolSet): readonly Form[] => [...inSight, finish];

/** Everything that a model may write in a turn. */
export const formsOf = ({ inSight, finish, further }: ToolSet): readonly Form[] => [...inSight, finish, ...further];

/** The tool of a call that was read by the set's forms and is not the one that ends the task. */
export function toolNamed({ inSight, further }: ToolSet, name: string): Tool {
  const tool = [...inSight, ...further].find((one) => one.name === name);
  if (tool) return tool;
  throw new Error(`no tool ${name} in the set`);
}
