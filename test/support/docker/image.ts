import { fileURLToPath } from 'node:url';
import { createImages } from '../../../server/inference/runtimes/container/images.ts';
import { VERSION } from '../../../server/version.ts';
import type { TestEngine } from './dockerd.ts';

const WORKER = fileURLToPath(new URL('../../../dist/worker.js', import.meta.url));

/** The images of an engine, asked past any server. */
export const imagesOf = ({ host }: Pick<TestEngine, 'host'>) =>
  createImages({
    env: { DOCKER_HOST: host },
    owner: { folder: '/nowhere', server: `${process.pid}:test` },
    workerProgram: WORKER,
    wanted: () => ({ version: VERSION, program: null }),
  });

/** Makes the image of the worker that is built in `dist/`. */
export const buildTestImage = (engine: Pick<TestEngine, 'host'>) => imagesOf(engine).build();
