import { dirname, join } from 'node:path';
import { OspainError } from '../protocol/index.ts';
import type { Host } from './host.ts';
import { createLaunchd } from './service/launchd.ts';
import { createRunKey, windowlessProgram } from './service/runKey.ts';
import { type Service, type ServiceManager, serviceId, type Written } from './service/service.ts';
import { createSystemd } from './service/systemd.ts';
import { endServings, homeOf, listServings, type Serving, servingsFolder } from './servings.ts';
import type { Context } from './taskCommands.ts';
import { oneLine } from './text.ts';
import { createRegistry } from './windows/registry.ts';

/** Milliseconds that a server gets to end. */
const PATIENCE = 15_000;

/** What a service needs of the environment that it was made in. */
const HANDED_ON = /^(PATH|XDG_DATA_HOME|OSPAIN2_(DATA_DIR|KEY_STORE|MODELS|THREADS|TRUST))$/;

export interface InstallChoices {
  port?: number;
  /** False with `--no-start`. */
  start: boolean;
}

/** Has the system start a server of the folder at each log-in, and starts it. Doing so again changes nothing. */
export async function installService(context: Context, { port, start }: InstallChoices): Promise<number> {
  const { host, screen, workspace } = context;
  const manager = managerOf(host);
  const service: Service = {
    id: serviceId(workspace),
    workspace,
    command: [...programOf(host), ...serveArguments(workspace, port)],
    env: Object.fromEntries(
      Object.entries(host.env).flatMap(([name, value]) => (HANDED_ON.test(name) && value ? [[name, value]] : [])),
    ),
  };
  const { where, changed } = await manager.install(service);
  const wasRunning = runs(context);
  const started = start && (changed || !wasRunning) && (await manager.start(service));
  screen.data({ service: { ...facts(service, where), manager: manager.name, changed, started } });
  screen.print(
    changed
      ? `The system starts a server of ${screen.safe(workspace)} when you log in. (${screen.safe(where)})`
      : `It was installed already: ${screen.safe(where)}`,
  );
  if (start && changed && !started) screen.warn('It could not be started now; it is at your next log-in.');
  if (started) screen.print('It runs now, too.');
  for (const name of manager.forgets)
    screen.warn(`${name} is not handed on: set it for your user, and the service finds it.`);
  return 0;
}

export async function removeService(context: Context, { all = false }: { all?: boolean }): Promise<number> {
  const { host, screen } = context;
  const manager = managerOf(host);
  const written = await chosen(context, manager, all);
  for (const one of written) {
    const { id, workspace, where } = one;
    await manager.remove(one);
    const running = servingsOf(host).filter((serving) => serving.service && serviceId(serving.workspace) === id);
    const left = await endServings(folderOf(host), running, PATIENCE);
    screen.data({ service: { ...facts(one, where), manager: manager.name, removed: true, ended: left.length === 0 } });
    screen.print(`The server of ${screen.safe(workspace)} is not started any more. (${screen.safe(where)} is gone)`);
    for (const { pid } of left) screen.warn(`Process ${pid} is still there: it was asked to end.`);
  }
  if (written.length === 0) {
    screen.data({ service: null });
    screen.print('No service was installed here.');
  }
  return 0;
}

export async function showService(context: Context, { all = false }: { all?: boolean }): Promise<number> {
  const { host, screen, workspace } = context;
  const manager = managerOf(host);
  const written = await chosen(context, manager, all);
  for (const one of written) {
    const serving = servingsOf(host).find((serving) => serviceId(serving.workspace) === one.id);
    const running = serving === undefined ? null : { pid: serving.pid };
    screen.data({ service: { ...facts(one, one.where), manager: manager.name, running } });
    const state = running === null ? 'does not run now' : `runs (process ${running.pid})`;
    screen.print(`${screen.safe(oneLine(one.workspace))} ${state}. It is installed: ${screen.safe(one.where)}`);
  }
  if (written.length === 0) {
    screen.data({ service: null });
    screen.print(all ? 'No service is installed.' : `No service is installed for ${screen.safe(workspace)}.`);
  }
  return 0;
}

const facts = ({ id, workspace }: Pick<Service, 'id' | 'workspace'>, where: string) => ({ id, workspace, where });

const chosen = async ({ workspace }: Context, manager: ServiceManager, all: boolean): Promise<Written[]> =>
  (await manager.list()).filter(({ id }) => all || id === serviceId(workspace));

const folderOf = ({ env }: Host): string => servingsFolder(env, homeOf(env));
const servingsOf = (host: Host): Serving[] => listServings(folderOf(host));
const runs = ({ host, workspace }: Context): boolean =>
  servingsOf(host).some((serving) => serviceId(serving.workspace) === serviceId(workspace));

/** No port is open unless it is asked for. */
const serveArguments = (workspace: string, port: number | undefined): string[] => [
  '--workspace',
  workspace,
  'serve',
  ...(port === undefined ? ['--no-api'] : ['--port', String(port)]),
  '--service',
];

/** What starts the command line: without a window, where there is a program for that. */
function programOf({ serverProgram }: Host): string[] {
  const cli = join(dirname(serverProgram), serverProgram.endsWith('.ts') ? '../cli/main.ts' : 'cli.js');
  const windowless = windowlessProgram(cli);
  return windowless === undefined ? [process.execPath, cli] : [windowless];
}

function managerOf({ env }: Host): ServiceManager {
  if (process.platform === 'win32') return createRunKey(createRegistry(env), env);
  if (process.platform === 'darwin') return createLaunchd(env, homeOf(env));
  if (process.platform === 'linux') return createSystemd(env, homeOf(env));
  throw new OspainError('unavailable', `OSPAiN2 knows no services of ${process.platform}.`, {
    hint: 'Have the system start "ospain2 serve" itself.',
  });
}
