import { existsSync, realpathSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import { z } from 'zod';
import { OspainError } from '../../../../protocol/index.ts';
import { librariesOf } from './libraries.ts';

/** A file of an image: where it is there, and what is put there. */
export interface ImageFile {
  target: string;
  source: string;
  isProgram: boolean;
}

/** The folder of the worker in the image; Node is there, too. */
export const HOME_IN_IMAGE = '/ospain2';

/** Written by `npm run build` beside the worker: what it needs of packages, files and folders below `node_modules`. */
const LIST = 'workerFiles.json';
const List = z.array(z.string()).nonempty();

const NATIVE = /\.(node|so)(\.\d+)*$/;

/** Everything that a worker needs to run, and nothing else: the program, node-llama-cpp, Node, and their libraries. */
export async function imageFiles(workerProgram: string, node: string): Promise<ImageFile[]> {
  const packages = await packageFiles(dirname(workerProgram));
  const natives = packages.filter(({ isProgram }) => isProgram).map(({ source }) => source);
  const libraries = await librariesOf([node, ...natives]);
  // Those beside the addon find each other there.
  const inside = new Set(natives.map((source) => realpathSync(source)));
  return [
    { source: workerProgram, target: posix.join(HOME_IN_IMAGE, 'worker.js'), isProgram: false },
    { source: realpathSync(node), target: posix.join(HOME_IN_IMAGE, 'node'), isProgram: true },
    ...packages,
    ...libraries
      .filter((library) => !inside.has(realpathSync(library)))
      .map((library) => ({ source: realpathSync(library), target: library, isProgram: true })),
  ];
}

async function packageFiles(folder: string): Promise<ImageFile[]> {
  const names = await listed(join(folder, LIST));
  // Packaged, the packages lie beside the worker; in the repository, above it.
  const modules = [join(folder, 'node_modules'), join(folder, '..', 'node_modules')];
  const found: ImageFile[] = [];
  for (const name of names) {
    const source = modules.map((root) => join(root, name)).find((path) => existsSync(path));
    if (source === undefined) throw incomplete(`${name} is missing`);
    const files = (await stat(source)).isDirectory() ? await filesBelow(source) : [''];
    for (const file of files) {
      const target = posix.join(HOME_IN_IMAGE, 'node_modules', name, ...file.split(sep));
      found.push({ source: join(source, file), target, isProgram: NATIVE.test(target) });
    }
  }
  return found;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

async function listed(file: string): Promise<readonly string[]> {
  try {
    return List.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw incomplete(`${file} cannot be read`, cause);
  }
}

const incomplete = (what: string, cause?: unknown) =>
  new OspainError('image_failed', `The worker’s files are not whole: ${what}.`, {
    hint: 'Install OSPAiN2 again; in its repository, run npm run build.',
    cause,
  });
