import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AutoAccept, TaskEvent } from '../../../protocol/index.ts';

/** How far the client came with something that it asked for: an answer may be lost although the server did it. */
export type Asked = 'no' | 'asked' | 'answered';

/** A file that one task alone changes. `path` is relative to the workspace, with `/`. */
export interface FileEdit {
  path: string;
  before: string;
  after: string;
}

/** A task for the embedded model. */
export interface Edit extends FileEdit {
  id: string;
  instruction: string;
  autoAccept: AutoAccept;
  submit: Asked;
  accept: Asked;
}

/** A task that is due in a far future, so it costs no model, and is cancelled later. */
export interface Parked {
  id: string;
  submit: Asked;
  cancel: Asked;
}

/** A schedule with one due time (Unix milliseconds), whose task changes a file. */
export interface Planned extends FileEdit {
  id: string;
  instruction: string;
  at: number;
  create: Asked;
}

/**
 * The side log: all that the client asked for, what of it was acknowledged, and every event that it was told. Only a
 * server is ever killed, so it is kept in the client's memory.
 */
export interface Wishes {
  edits: Edit[];
  parked: Parked[];
  planned: Planned[];
  seen: TaskEvent[];
}

export const noWishes = (): Wishes => ({ edits: [], parked: [], planned: [], seen: [] });

/** Puts a new file into the workspace and says how the embedded model is to be asked to change it. */
function newFile(workspace: string, wishes: Wishes): FileEdit & { instruction: string } {
  const number = wishes.edits.length + wishes.planned.length + 1;
  const path = `src/limits${number}.ts`;
  const text = (value: number) => `export const RETRY_MAX = ${value};\nexport const CACHE_TTL = 600;\n`;
  writeFileSync(join(workspace, path), text(3));
  return { path, before: text(3), after: text(5), instruction: `Set RETRY_MAX to 5 in ${path}.` };
}

export function wishEdit(workspace: string, wishes: Wishes, autoAccept: AutoAccept): Edit {
  const file = newFile(workspace, wishes);
  const edit: Edit = { id: randomUUID(), ...file, autoAccept, submit: 'no', accept: 'no' };
  wishes.edits.push(edit);
  return edit;
}

export function wishParked(wishes: Wishes): Parked {
  const parked: Parked = { id: randomUUID(), submit: 'no', cancel: 'no' };
  wishes.parked.push(parked);
  return parked;
}

export function wishPlanned(workspace: string, wishes: Wishes, at: number): Planned {
  const planned: Planned = { id: randomUUID(), ...newFile(workspace, wishes), at, create: 'no' };
  wishes.planned.push(planned);
  return planned;
}
