import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { packTar, type TarSource } from 'modern-tar/fs';
import { OspainError } from '../../../../protocol/index.ts';
import { type Engine, engineError, statusOf } from './engine.ts';
import { IMAGE_LABEL, IMAGE_NAME, PROGRAM_LABEL, VERSION_LABEL } from './image.ts';
import { HOME_IN_IMAGE, type ImageFile, imageFiles } from './imageFiles.ts';

export interface BuildOptions {
  workerProgram: string;
  /** The Node of the image: a program for Linux. */
  node: string;
  version: string;
}

export interface BuiltImage {
  /** `ospain2-worker:<version>-<hash of what is in it>` */
  tag: string;
  files: number;
  /** Bytes of the files in it. */
  bytes: number;
}

/** Who a worker is where nobody says otherwise; nobody else has the number. */
const USER = '10001:10001';
/** 1980: the bytes of an image do not depend on when it was made. */
const MTIME = new Date(315_532_800_000);

/** Packs the worker and hands it to the engine: no registry and no network is asked. Rejects with `image_failed` or the engine's error. */
export async function buildImage(engine: Engine, { workerProgram, node, version }: BuildOptions): Promise<BuiltImage> {
  const files = await imageFiles(workerProgram, node);
  const hash = await hashOf(files);
  const tag = `${version}-${hash.slice(0, 12)}`;
  const changes = [
    `USER ${USER}`,
    'WORKDIR /tmp',
    // Libraries are where this machine has them, which need not be where their loader looks first.
    `ENV LD_LIBRARY_PATH=${libraryFolders(files).join(':')}`,
    `ENTRYPOINT ["${HOME_IN_IMAGE}/node", "${HOME_IN_IMAGE}/worker.js"]`,
    `LABEL ${IMAGE_LABEL}=worker`,
    `LABEL ${VERSION_LABEL}=${version}`,
    `LABEL ${PROGRAM_LABEL}=${programHash(workerProgram)}`,
  ];
  const name = `${IMAGE_NAME}:${tag}`;
  const describe = async () => ({ tag: name, files: files.length, bytes: await sizeOf(files) });
  try {
    // The name says what is in it: there is nothing to do twice.
    if (await isThere(engine, name)) return await describe();
    const stream = await engine.docker.importImage(packTar(await sources(files)), {
      repo: IMAGE_NAME,
      tag,
      changes,
    });
    await finished(stream);
    return await describe();
  } catch (thrown) {
    throw engineError(thrown, engine.address);
  }
}

async function isThere({ docker }: Engine, name: string): Promise<boolean> {
  try {
    await docker.getImage(name).inspect();
    return true;
  } catch (thrown) {
    if (statusOf(thrown) === 404) return false;
    throw thrown;
  }
}

export const programHash = (workerProgram: string): string =>
  createHash('sha256').update(readFileSync(workerProgram)).digest('hex');

async function hashOf(files: readonly ImageFile[]): Promise<string> {
  const hash = createHash('sha256');
  for (const { source, target } of files) hash.update(`${target}\0`).update(await readFile(source));
  return hash.digest('hex');
}

async function sizeOf(files: readonly ImageFile[]): Promise<number> {
  const sizes = await Promise.all(files.map(async ({ source }) => (await stat(source)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const libraryFolders = (files: readonly ImageFile[]): string[] => [
  ...new Set(
    files.filter(({ target }) => !target.startsWith(`${HOME_IN_IMAGE}/`)).map(({ target }) => dirname(target)),
  ),
];

/** Readable by anybody: who the worker is, is said when it is started. */
async function sources(files: readonly ImageFile[]): Promise<TarSource[]> {
  const owned = { uid: 0, gid: 0, mtime: MTIME };
  const packed = files.map(
    ({ source, target, isProgram }): TarSource => ({
      ...{ type: 'file', source, target: target.slice(1) },
      ...{ mode: isProgram ? 0o755 : 0o644, ...owned },
    }),
  );
  // What is bundled are modules; Node asks the nearest manifest.
  const manifest: TarSource = {
    ...{ type: 'content', target: `${HOME_IN_IMAGE.slice(1)}/package.json`, content: '{ "type": "module" }\n' },
    ...{ mode: 0o644, ...owned },
  };
  // Somewhere to stand; what is mounted there is in memory.
  const tmp: TarSource = { ...{ type: 'content', target: 'tmp/.keep', content: '' }, ...{ mode: 0o644, ...owned } };
  return [manifest, tmp, ...packed];
}

/** The engine answers before it is done; what goes wrong then is said in a line. */
async function finished(stream: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface({ input: stream })) {
    const { error } = JSON.parse(line) as { error?: string };
    if (error !== undefined)
      throw new OspainError('image_failed', `The container engine could not keep the image: ${error}`, {
        hint: 'See whether its disk is full.',
      });
  }
}
