import { OspainError, type ProposalFile } from '../../protocol/index.ts';
import { addsPlaceholder } from '../secrets/redaction.ts';
import { isLeftOut, type Listing, listFiles } from './files.ts';
import { MAX_FILE, readText } from './fileText.ts';
import { filesWith, ripgrepProgram } from './ripgrep.ts';
import { type Place, resolveInside, shown } from './workspacePaths.ts';

/** What one task may change; more than a person can review. Bytes count the texts before and after. */
const MAX_FILES = 1000;
const MAX_BYTES = 64 * MAX_FILE;

/**
 * A task's view of the workspace: what it has edited reads as edited, everything else as it is on disk. Nothing is ever
 * written to disk here.
 */
export interface Overlay {
  /** Throws `path_outside` for what is not in the workspace. */
  find(named: string): Place;
  /** The text of a file; null when there is none. Throws `invalid_params`, `too_large` for what cannot be read as text. */
  read(place: Place): string | null;
  /** What the file is for the task from now on, with the text that it had before the task's first edit. */
  write(place: Place, text: string): ProposalFile;
  /** The file is gone for the task from now on; the same answer as of `write`. Throws `not_found` when there is none. */
  remove(place: Place): ProposalFile;
  /** Files below a folder, the task's new ones among them, and without those that it removed. */
  list(folder: string, signal?: AbortSignal): Promise<Listing>;
  /** Files below a folder that may have a text: all that have it are among them. */
  listWith(text: string, folder: string, signal?: AbortSignal): Promise<Listing>;
  /** What the task changed so far, in the order of paths. */
  changes(): ProposalFile[];
}

const startOf = (folder: string): string => (folder === '.' ? '' : `${folder}/`);

/** `edits` are what an earlier attempt of the same run made, oldest first: their texts stand, whatever the disk has now. */
export function createOverlay(root: string, edits: readonly ProposalFile[] = []): Overlay {
  const edited = new Map(edits.map((file) => [file.path, file]));
  let bytes = [...edited.values()].reduce((sum, file) => sum + sizeOf(file), 0);

  const onDisk = (place: Place): string | null =>
    place.is === 'nothing' ? null : readText(place.absolute, place.path);

  const read = (place: Place): string | null => {
    const known = edited.get(place.path);
    return known ? known.after : onDisk(place);
  };

  const change = (place: Place, after: string | null): ProposalFile => {
    const known = edited.get(place.path);
    if (!known && after !== null) assertRoom(place.path);
    // What the edit was made from, not what an earlier read saw: the person may have saved in between.
    const file = { path: place.path, before: known ? known.before : onDisk(place), after };
    const grown = bytes + sizeOf(file) - (known ? sizeOf(known) : 0);
    if ((!known && edited.size >= MAX_FILES) || grown > MAX_BYTES)
      throw new OspainError('too_large', 'The task would change too much at once.');
    edited.set(place.path, file);
    bytes = grown;
    return file;
  };

  return {
    find(named) {
      const place = resolveInside(root, named);
      const known = edited.get(place.path);
      return known ? { ...place, is: known.after === null ? 'nothing' : 'file' } : place;
    },
    read,
    write(place, text) {
      if (addsPlaceholder(read(place) ?? '', text))
        throw new OspainError(
          'invalid_params',
          `${shown(place.path)} would have the mark of a secret where the secret stands: change other lines, not that one.`,
        );
      if (text.includes('\0')) throw new OspainError('invalid_params', 'A text file holds no zero bytes.');
      if (Buffer.byteLength(text) > MAX_FILE)
        throw new OspainError('too_large', `${shown(place.path)} would grow beyond ${MAX_FILE} bytes.`);
      // What UTF-8 cannot say would be another text on disk than here.
      return change(place, text.toWellFormed());
    },
    remove(place) {
      if (read(place) === null) throw new OspainError('not_found', `There is no file ${shown(place.path)}.`);
      return change(place, null);
    },
    async list(folder, signal) {
      const listing = await listFiles(root, folder, signal);
      return withEdits(listing, folder, ({ before }) => before === null);
    },
    async listWith(text, folder, signal) {
      const start = startOf(folder);
      const program = isLeftOut(root, folder) ? undefined : await ripgrepProgram();
      const listing = await filesWith(text, { root, start, program, ...(signal ? { signal } : {}) });
      // On disk an edited file may not have what it has for the task.
      return listing ? withEdits(listing, folder, () => true) : this.list(folder, signal);
    },
    changes: () =>
      [...edited.values()].filter(({ before, after }) => before !== after).sort((a, b) => (a.path < b.path ? -1 : 1)),
  };

  function withEdits(
    { paths: onDisk, complete }: Listing,
    folder: string,
    isAdded: (file: ProposalFile) => boolean,
  ): Listing {
    const paths = new Set(onDisk);
    for (const [path, file] of edited) {
      if (file.after === null) paths.delete(path);
      else if (isAdded(file) && path.startsWith(startOf(folder))) paths.add(path);
    }
    return { paths: [...paths].sort(), complete };
  }

  /** Two files cannot be each other's folder, nor can one come in the place of a folder that its own task empties. */
  function assertRoom(path: string): void {
    for (const [other, { before, after }] of edited) {
      // What the task made and removed again takes no room.
      if (before === null && after === null) continue;
      if (path.startsWith(`${other}/`) || other.startsWith(`${path}/`))
        throw new OspainError('path_outside', `${shown(path)} cannot stand beside ${shown(other)}.`);
    }
  }
}

const sizeOf = ({ before, after }: ProposalFile): number =>
  Buffer.byteLength(before ?? '') + Buffer.byteLength(after ?? '');
