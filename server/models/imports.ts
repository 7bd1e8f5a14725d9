import { createHash } from 'node:crypto';
import { rmSync, type Stats, statSync } from 'node:fs';
import { basename, isAbsolute, parse } from 'node:path';
import { type ImportMode, ModelName, OspainError } from '../../protocol/index.ts';
import { storageError } from '../storage/storageErrors.ts';
import { describeModel } from './description.ts';
import { unreadable } from './fileErrors.ts';
import type { Registry } from './registry.ts';
import type { Key } from './rows.ts';
import type { Store, Taken } from './store.ts';

/** A file, and its name among those of its model. */
export interface NamedFile {
  path: string;
  name: string;
}

export interface ImportRequest {
  /** Absolute; of a split model any part. */
  path: string;
  /** The files in order, with what they are called, where their paths do not tell. */
  files?: readonly NamedFile[] | undefined;
  /** From the name of the file when not given. */
  name?: string | undefined;
  version: string;
  alias?: string | undefined;
  how: ImportMode;
  licence?: string | undefined;
  source?: string | undefined;
  /** What the one file must be; anything else is `content_differs`. */
  sha256?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Bytes, of all files. */
  onProgress?(done: number, total: number): void;
}

/** What it became; `existed`: the same content was this version already. */
export type Added = Key & { existed: boolean };

/** Takes files into the store as versions of models. */
export interface Imports {
  /**
   * Nothing of it is seen before all of it is there. Rejects with `not_found`, `model_unreadable`, `conflict`, an error
   * of storage, or `signal.reason`; the source is untouched then.
   */
  run(request: ImportRequest): Promise<Added>;
  /** Gives up what is under way; resolves when nothing of it is left. */
  dispose(): Promise<void>;
}

export function createImports({ registry, store }: { registry: Registry; store: Store }): Imports {
  const underWay = new Set<Promise<Added>>();
  const stopping = new AbortController();

  const takeAll = async (named: readonly NamedFile[], folder: string, request: ImportRequest): Promise<Taken[]> => {
    const { how, signal, onProgress } = request;
    const total = named.reduce((sum, { path }) => sum + fileStats(path).size, 0);
    let done = 0;
    const onBytes = (bytes: number) => {
      done += bytes;
      onProgress?.(done, total);
    };
    const taken: Taken[] = [];
    for (const file of named) taken.push(await store.take(file, how, folder, { signal, onBytes }));
    // A loader looks for the files of one model in one place.
    if (!taken.some(({ at }) => at === null)) return taken;
    if (taken.length > 1 && named.some(({ path, name }) => basename(path) !== name))
      throw new OspainError(
        'wrong_state',
        'The parts of this model can only be used where they are under other names.',
        {
          hint: 'They are on another disk or another user’s: import them by copy.',
        },
      );
    return taken.map((file, index) => ({ ...file, path: named[index]?.path ?? null, at: null, shared: false }));
  };

  const run = async (request: ImportRequest): Promise<Added> => {
    const { path } = request;
    if (!isAbsolute(path) || path.includes('\0'))
      throw new OspainError('invalid_params', 'The path of a model file must be absolute.');
    if (fileStats(path).size === 0) throw unreadable(path, 'it is empty');
    const name = request.name ?? nameOf(request.files?.[0]?.name ?? basename(path));
    // What cannot be is told before gigabytes are read; what the file says is taken from the copy below.
    registry.assertNames(name, request.alias ?? null);
    const named = request.files ?? describeModel(path).files.map((part) => ({ path: part, name: basename(part) }));
    try {
      return await store.during(async (folder) => {
        const files = await takeAll(named, folder, request);
        const digest = digestOf(files);
        if (request.sha256 !== undefined && request.sha256 !== digest) throw differs(name, request.sha256, digest);
        const [first = path] = files.map(({ at }, index) => at ?? named[index]?.path);
        const { files: _files, ...description } = describeModel(first);
        const added = registry.add(
          {
            ...{ ...description, name, version: request.version, digest },
            files: files.map(({ at: _at, moved: _moved, ...file }) => file),
            licence: request.licence ?? description.facts?.licence ?? null,
            source: request.source ?? null,
            alias: request.alias ?? null,
          },
          (replace) => store.place(files, digest, replace),
        );
        for (const { moved } of files) if (moved !== null) removeIfMay(moved);
        return added;
      });
    } catch (thrown) {
      throw storageError(thrown);
    }
  };

  return {
    run(request) {
      const work = run({
        ...request,
        signal: AbortSignal.any([stopping.signal, ...(request.signal ? [request.signal] : [])]),
      });
      underWay.add(work);
      return work.finally(() => underWay.delete(work));
    },
    async dispose() {
      stopping.abort(new OspainError('unavailable', 'The server is stopping.'));
      await Promise.allSettled(underWay);
    },
  };
}

/** Of a file that a person named: `not_found` when there is none. */
function fileStats(path: string): Stats {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() === true) return stats;
  throw new OspainError('not_found', stats === undefined ? `There is no file ${path}.` : `${path} is not a file.`, {
    hint: 'Name a model file; of a split model any part.',
  });
}

/** Who may not remove the file from where it was has a copy of it. */
function removeIfMay(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is in the store all the same.
  }
}

const differs = (name: string, wanted: string, found: string): OspainError =>
  new OspainError('content_differs', `The file of ${name} is not the one that was announced.`, {
    hint: 'Get it again from a source that you trust; nothing was kept.',
    cause: `SHA-256 ${found} instead of ${wanted}`,
  });

/** Of one file its own; of several that of their list, so that it depends on their order. */
function digestOf(files: readonly { sha256: string }[]): string {
  const [first, ...others] = files;
  if (first !== undefined && others.length === 0) return first.sha256;
  return createHash('sha256')
    .update(files.map(({ sha256 }) => `${sha256}\n`).join(''))
    .digest('hex');
}

/** A name for a model, made of what its file is called. Throws `invalid_params`. */
export function nameOf(fileName: string): string {
  const bare = parse(fileName).name.replace(/-\d{5}-of-\d{5}$/, '');
  const name = bare
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\w.-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+|[.]+$/g, '')
    .slice(0, 128)
    .replace(/\.$/, '');
  if (ModelName.safeParse(name).success) return name;
  throw new OspainError('invalid_params', `No name can be made of ${JSON.stringify(fileName.slice(0, 128))}.`, {
    hint: 'Give the model a name.',
  });
}
