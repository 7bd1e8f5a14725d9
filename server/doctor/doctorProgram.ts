import '../../guard/ofServer.ts';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Check, Finding } from '../../protocol/index.ts';
import { dataFolder } from '../storage/dataFolder.ts';
import { failedBy } from './finding.ts';
import { checkContainers, checkPort } from './listeners.ts';
import { backendsIn, checkModel } from './model.ts';
import { checkFolder, checkKeyring, checkMemory, checkSocket } from './place.ts';
import { checkDatabase, checkLibraries, checkNode } from './platform.ts';
import { checkSandbox } from './sandbox.ts';

/*
 * The doctor's program: examines what a server stands on, without one, and prints each finding as a line of JSON.
 *   doctor.js --workspace DIR
 * What could end a process runs in a process of its own: the keyring's addon and llama.cpp.
 */

const bundled = import.meta.url.endsWith('.js');
const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Of the API, when nobody says another. */
const API_PORT = 3100;

const tell = (finding: Finding) => void process.stdout.write(`${JSON.stringify({ finding })}\n`);

/** No check takes the others with it. */
async function run(check: Check, examine: () => Finding | Finding[] | Promise<Finding | Finding[]>): Promise<void> {
  try {
    for (const finding of [await examine()].flat()) tell(finding);
  } catch (thrown) {
    tell(failedBy(check, thrown));
  }
}

function glibcVersion(): string | undefined {
  // Else the report looks up the names of open connections, which takes as long as the network does. Not in the types yet.
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { workspace: { type: 'string', default: '.' } } });
  const { env, platform } = process;
  const data = dataFolder(values.workspace, env);
  const llama = join(beside('.'), 'node_modules/@node-llama-cpp', `win-${process.arch}`, 'bins', `win-${process.arch}`);
  const addons = [beside('.'), llama];
  await run('node', () => checkNode(process.versions));
  await run('libraries', () => checkLibraries({ platform, env, addons, glibc: glibcVersion() }));
  await run('database', checkDatabase);
  await run('folder', () => checkFolder(data));
  await run('keyring', () => checkKeyring(env));
  await run('memory', () => checkMemory());
  await run('model', () =>
    checkModel({
      workerProgram: beside(bundled ? 'worker.js' : '../inference/llama/worker.ts'),
      embeddedModel: beside(bundled ? '../media/models/canary.gguf' : '../../media/models/canary.gguf'),
      backends: backendsIn(data.root),
      env,
    }),
  );
  await run('sandbox', () => checkSandbox(env));
  await run('socket', () => checkSocket(data));
  await run('port', () => checkPort(API_PORT));
  await run('containers', () => checkContainers(env));
}

await main();
