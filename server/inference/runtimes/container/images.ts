import { existsSync } from 'node:fs';
import type { ImageBuilt, ImageStatus } from '../../../../protocol/index.ts';
import { OspainError } from '../../../../protocol/index.ts';
import { buildImage } from './buildImage.ts';
import { type Engine, engineError, openEngine, statusOf } from './engine.ts';
import { fits, listWorkerImages, type WantedImage } from './image.ts';
import { countContainers, type Owner } from './leftovers.ts';

export interface ImagesOptions {
  env: NodeJS.ProcessEnv;
  owner: Owner;
  /** The bundled worker program, which goes into an image. */
  workerProgram: string;
  wanted(): WantedImage;
  platform?: NodeJS.Platform;
}

/** The images that workers in containers are made of. All reject with `containers_missing` or `containers_denied` where no engine can be asked. */
export interface Images {
  status(): Promise<ImageStatus>;
  /** `node`: the Node that goes into it; the one that runs this when not given. */
  build(node?: string): Promise<ImageBuilt>;
  /** Of all versions; rejects with `conflict` for one that a container uses. */
  remove(): Promise<{ removed: string[] }>;
}

export function createImages({
  env,
  owner,
  workerProgram,
  wanted,
  platform = process.platform,
}: ImagesOptions): Images {
  const withEngine = async <T>(work: (engine: Engine) => Promise<T>): Promise<T> => {
    const engine = await openEngine(env);
    try {
      return await work(engine);
    } catch (thrown) {
      throw engineError(thrown, engine.address);
    }
  };

  return {
    status: () =>
      withEngine(async ({ docker, address }) => {
        const version = (await docker.version()) as { Version: string; Platform?: { Name?: string } };
        const images = await listWorkerImages(docker);
        const needed = wanted();
        return {
          engine: { address, name: version.Platform?.Name || 'Docker', version: version.Version },
          needs: needed.version,
          images: images.map((image) => ({
            tag: image.tags[0] ?? image.id,
            version: image.version,
            bytes: image.size,
            createdAt: image.createdAt,
            fits: fits(image, needed),
          })),
          containers: await countContainers(docker, owner),
        };
      }),
    build: (node = process.execPath) =>
      withEngine(async (engine) => {
        assertLinuxNode(node, platform);
        return buildImage(engine, { workerProgram, node, version: wanted().version });
      }),
    remove: () =>
      withEngine(async ({ docker }) => {
        const removed: string[] = [];
        for (const { id, tags } of await listWorkerImages(docker)) {
          const name = tags[0] ?? id;
          try {
            await docker.getImage(id).remove({ force: tags.length > 1 });
          } catch (thrown) {
            if (statusOf(thrown) !== 409) throw thrown;
            throw new OspainError('conflict', `A container uses the image ${name}.`, {
              hint: 'Unload the models (ospain2 model unload), or end the servers whose workers run in containers.',
              cause: thrown,
            });
          }
          removed.push(name);
        }
        return { removed };
      }),
  };
}

/** What goes into an image runs on Linux, whatever this machine is. */
function assertLinuxNode(node: string, platform: NodeJS.Platform): void {
  if (platform !== 'linux')
    throw new OspainError(
      'image_failed',
      'The image of the worker can be packed on Linux only: it takes the Node that runs here.',
      {
        hint: 'Build docker/Dockerfile of the repository with your engine, or build the image on Linux and load it.',
      },
    );
  if (process.versions['electron'] !== undefined && node === process.execPath)
    throw new OspainError('image_failed', 'The server runs in VS Code’s own program, which is no Node to pack.', {
      hint: 'Use the command line: ospain2 image build packs the Node that it runs on.',
    });
  if (!existsSync(node)) throw new OspainError('not_found', `There is no program ${node}.`);
}
