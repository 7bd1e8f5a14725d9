import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { FoundModel } from './foundModel.ts';
import { findHuggingFace } from './huggingFaceCache.ts';
import { findLmStudio } from './lmStudio.ts';
import { findOllama } from './ollama.ts';
import { createWalk, readSmall, realPathOf, type Walk } from './walk.ts';

export interface AdoptOptions {
  env?: NodeJS.ProcessEnv;
  home?: string;
  /** Entries of folders that are looked at, at most. */
  mostEntries?: number;
}

export interface Adoptable {
  models: FoundModel[];
  /** There was more than could be looked at. */
  isCut: boolean;
}

const MOST_ENTRIES = 50_000;

/**
 * The models that other programs hold on this disk. Nothing is changed, opened for longer, or followed out of their
 * folders; what makes no sense is passed over.
 */
export async function findAdoptable(options: AdoptOptions = {}): Promise<Adoptable> {
  const { env = process.env, home = homedir(), mostEntries = MOST_ENTRIES } = options;
  const walk = createWalk(mostEntries);
  const models = [
    ...(await each(findOllama, walk, ollamaFolders(env, home))),
    ...(await each(findLmStudio, walk, await lmStudioFolders(home))),
    ...(await each(findHuggingFace, walk, huggingFaceFolders(env, home))),
  ];
  return { models, isCut: walk.isCut() };
}

type Find = (walk: Walk, folder: string) => Promise<FoundModel[]>;

/** Each folder once, whatever names it has; the folder itself may be a link, for people keep models on other disks. */
async function each(find: Find, walk: Walk, folders: readonly (string | undefined)[]): Promise<FoundModel[]> {
  const usable = folders.filter((folder) => folder !== undefined && isAbsolute(folder));
  const real = await Promise.all(usable.map((folder) => realPathOf(String(folder))));
  const found: FoundModel[] = [];
  for (const folder of new Set(real)) if (folder !== undefined) found.push(...(await find(walk, folder)));
  return found;
}

function ollamaFolders(env: NodeJS.ProcessEnv, home: string): (string | undefined)[] {
  // The last one is that of the service on Linux.
  return [env['OLLAMA_MODELS'], join(home, '.ollama', 'models'), '/usr/share/ollama/.ollama/models'];
}

async function lmStudioFolders(home: string): Promise<(string | undefined)[]> {
  const pointer = await readSmall(join(home, '.lmstudio-home-pointer'), 4096);
  return [
    pointer === undefined ? undefined : join(pointer.trim(), 'models'),
    join(home, '.lmstudio', 'models'),
    join(home, '.cache', 'lm-studio', 'models'),
  ];
}

/** In the order in which its own library looks. */
function huggingFaceFolders(env: NodeJS.ProcessEnv, home: string): (string | undefined)[] {
  const { HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = env;
  return [
    HF_HUB_CACHE,
    HUGGINGFACE_HUB_CACHE,
    HF_HOME && join(HF_HOME, 'hub'),
    XDG_CACHE_HOME && join(XDG_CACHE_HOME, 'huggingface', 'hub'),
    join(home, '.cache', 'huggingface', 'hub'),
  ];
}
