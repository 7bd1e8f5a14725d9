import type { Profile } from '../../../protocol/index.ts';
import type { Form } from '../format.ts';
import { editFile } from './editFile.ts';
import { finish } from './finish.ts';
import { listFiles } from './listFiles.ts';
import { readFile, readWhole } from './readFile.ts';
import { searchText } from './searchText.ts';
import type { Tool } from './tool.ts';

/** The tools of a task. Fixed for its whole life, so that what the model has read of them stays evaluated. */
export interface ToolSet {
  /** What the model is told of, in this order; `finish`, which is in every set, comes behind them. Five at most. */
  readonly inSight: readonly Tool[];
}

/** The embedded model was taught two, and `finish`. */
export const toolsOf = (profile: Profile): ToolSet => ({
  inSight: profile === 'tiny' ? [readWhole, editFile] : [listFiles, searchText, readFile, editFile],
});

/** Everything that a model may write in a turn. */
export const formsOf = ({ inSight }: ToolSet): readonly Form[] => [...inSight, finish];

/** The tool of a call that was read by the set's forms and is not the one that ends the task. */
export function toolNamed({ inSight }: ToolSet, name: string): Tool {
  const tool = inSight.find((one) => one.name === name);
  if (tool) return tool;
  throw new Error(`no tool ${name} in the set`);
}
