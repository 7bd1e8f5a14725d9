import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OspainError } from '../../protocol/index.ts';
import { argumentsOf, commandLine } from '../windows/commandLine.ts';
import type { Registry } from '../windows/registry.ts';
import { REG_SZ, textOf, textValue } from '../windows/registryFile.ts';
import { assertWritable, type Service, type ServiceManager } from './service.ts';

const RUN_KEY = 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run';
/** Characters of a command there. Source: Microsoft, "Run and RunOnce registry keys". */
const MAX_COMMAND = 260;

const nameOf = (id: string): string => `OSPAiN2 ${id}`;

/** The program of Setup that starts the command line without a window; undefined where Setup did not install us. */
export function windowlessProgram(cli: string): string | undefined {
  const found = join(dirname(cli), '..', '..', 'ospain2w.exe');
  return existsSync(found) ? found : undefined;
}

/** Values of the registry that Windows runs when the person logs in. They have no environment of their own. */
export function createRunKey(registry: Registry, env: NodeJS.ProcessEnv): ServiceManager {
  return {
    name: 'registry',
    forgets: Object.keys(env).filter((name) => name.startsWith('OSPAIN2_')),
    async install(service) {
      assertWritable(service);
      const line = runCommand(service);
      const where = `${RUN_KEY}\\${nameOf(service.id)}`;
      const before = (await registry.read(RUN_KEY)).get(nameOf(service.id));
      if (before !== undefined && textOf(before) === line) return { where, changed: false };
      await registry.write(RUN_KEY, nameOf(service.id), textValue(REG_SZ, line));
      return { where, changed: true };
    },
    start: ({ command: [program = '', ...args] }) =>
      new Promise((resolve) => {
        const child = spawn(program, args, { detached: true, stdio: 'ignore', windowsHide: true });
        child.once('error', () => resolve(false));
        child.once('spawn', () => {
          child.unref();
          resolve(true);
        });
      }),
    remove: ({ id }) => registry.write(RUN_KEY, nameOf(id), null),
    async list() {
      return [...(await registry.read(RUN_KEY))].flatMap(([name, value]) => {
        const id = /^OSPAiN2 ([0-9a-f]{16})$/.exec(name)?.[1];
        if (id === undefined) return [];
        const args = argumentsOf(textOf(value));
        const workspace = args[args.indexOf('--workspace') + 1] ?? '';
        return [{ id, workspace, where: `${RUN_KEY}\\${name}` }];
      });
    },
  };
}

/** Throws `invalid_params` for what Windows would cut. */
function runCommand({ command }: Service): string {
  const line = commandLine(command);
  if (line.length <= MAX_COMMAND) return line;
  throw new OspainError(
    'invalid_params',
    `The command has ${line.length} characters, and Windows starts none with more than ${MAX_COMMAND}.`,
    { hint: 'Serve a folder with a shorter path; a junction (mklink /J) gives one a second path.' },
  );
}
