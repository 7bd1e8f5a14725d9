import { existsSync } from 'node:fs';
import type { LoadParams } from './workerProtocol.ts';

/** Which files are loaded with a graphics processor. */
export interface GpuUse {
  /** What a worker is told that loads a file. */
  choose(fingerprint: string): Pick<LoadParams, 'gpu' | 'backends'>;
  /** The file was not loaded with one, or crashed with it later: it gets none any more, for as long as this server lives. */
  avoid(fingerprint: string): void;
}

/** `backends` may come to be while the server runs. */
export function createGpuUse(gpu: 'auto' | false, backends?: string): GpuUse {
  const avoided = new Set<string>();
  return {
    choose(fingerprint) {
      if (gpu === false || avoided.has(fingerprint)) return { gpu: false };
      return { gpu, ...(backends !== undefined && existsSync(backends) && { backends }) };
    },
    avoid: (fingerprint) => void avoided.add(fingerprint),
  };
}
