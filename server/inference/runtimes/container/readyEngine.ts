import type { OspainError } from '../../../../protocol/index.ts';
import { type Deaths, watchDeaths } from './deaths.ts';
import { type Engine, engineError, openEngine } from './engine.ts';
import { chooseImage, imageMissing, listWorkerImages, type WantedImage } from './image.ts';
import { type Owner, serverLabel, sweep } from './leftovers.ts';

/** An engine that answered, with what a container of ours needs to know of it. */
export interface ReadyEngine extends Engine {
  /** Id of the worker's image. */
  readonly image: string;
  readonly deaths: Deaths;
  /** Processors that it has, and bytes of memory. */
  readonly cpus: number;
  readonly memory: number;
  /** It runs as this user: what is the administrator inside is this user outside. */
  readonly rootless: boolean;
  /** What it means that the image is not there any more. */
  imageGone(cause: unknown): OspainError;
}

export interface ReadyOptions {
  env: NodeJS.ProcessEnv;
  owner: Owner;
  wanted(): WantedImage;
  /** Whether a container is this server's, by its name. */
  isKnown(name: string): boolean;
  onSwept(names: readonly string[]): void;
}

interface Info {
  NCPU?: number;
  MemTotal?: number;
  SecurityOptions?: string[] | null;
}

/** Opens the engine, finds the worker's image and removes leftovers. Rejects with what is missing. */
export async function readyEngine({ env, owner, wanted, isKnown, onSwept }: ReadyOptions): Promise<ReadyEngine> {
  const engine = await openEngine(env);
  const { docker, address } = engine;
  try {
    const swept = await sweep(docker, owner, isKnown);
    if (swept.length > 0) onSwept(swept);
    const image = chooseImage(await listWorkerImages(docker), wanted());
    const info = (await docker.info()) as Info;
    return {
      ...engine,
      image: image.id,
      deaths: await watchDeaths(docker, serverLabel(owner)),
      cpus: info.NCPU ?? 1,
      memory: info.MemTotal ?? 0,
      rootless: (info.SecurityOptions ?? []).some((option) => option.includes('rootless')),
      imageGone: imageMissing,
    };
  } catch (thrown) {
    throw engineError(thrown, address);
  }
}
