import { fileURLToPath } from 'node:url';
import { type App, createApp } from '../../server/app.ts';
import { readSettings } from '../../server/settings.ts';
import { testEnv } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

const inRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const SERVER_PROGRAM = inRepository('server/main.ts');

/** Folders for one server: a sample to work in, and the server's own data. */
export function serverFolders(): Disposable & { workspace: string; env: NodeJS.ProcessEnv } {
  const [workspace, data] = [sampleWorkspace(), tempFolder('data')];
  return {
    workspace: workspace.path,
    // The socket's folder too is the test's own, so that no file stays behind.
    env: { ...testEnv(data.path), XDG_RUNTIME_DIR: data.path },
    [Symbol.dispose]() {
      workspace[Symbol.dispose]();
      data[Symbol.dispose]();
    },
  };
}

/** The core of the product in this process, with its database and its workers. */
export const openApp = (workspace: string, env: NodeJS.ProcessEnv, settings: object = {}): Promise<App> =>
  createApp({
    workspace,
    env,
    workerProgram: inRepository('server/inference/llama/worker.ts'),
    bundledWorker: inRepository('dist/worker.js'),
    embeddedModel: inRepository('media/models/canary.gguf'),
    hubFolder: inRepository('dist/hub'),
    settings: readSettings({ threads: 1, ...settings }),
  });
