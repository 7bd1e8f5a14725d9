import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { runProgram } from './runProgram.ts';
import { assertWritable, type Service, type ServiceManager, type Written } from './service.ts';

/** Says whose service it is, so that nothing has to be read out of a command line. systemd ignores what begins with `X-`. */
const MARK = 'X-Ospain2-Workspace=';

/**
 * A unit of systemd's user manager. Text in double quotes is that of a C string, and `%` begins a specifier; the colon before
 * the program turns variables off. Source: systemd.service(5), "Command lines", and systemd.syntax(7), "Quoting".
 */
export function unitText({ workspace, command, env }: Service): string {
  const variables = Object.entries(env).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}\n`);
  return `[Unit]
Description=OSPAiN2 for ${workspace.replaceAll('%', '%%')}
${MARK}${JSON.stringify(workspace)}

[Service]
Type=exec
ExecStart=:${startable(command).map(quoted).join(' ')}
${variables.join('')}KillSignal=SIGINT
Restart=on-failure
RestartSec=5

[Install]
WantedBy=default.target
`;
}

/** systemd starts no program whose own path has a quote or a backslash in it; a shell does. */
const startable = (command: readonly string[]): readonly string[] =>
  /["'\\]/.test(command[0] ?? '') ? ['/bin/sh', '-c', 'exec "$0" "$@"', ...command] : command;

const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;

/** Units of the person's own manager. Enabling is a link, which is made here: it is asked for also where no manager runs yet. */
export function createSystemd(env: NodeJS.ProcessEnv, home: string): ServiceManager {
  const config = env['XDG_CONFIG_HOME'];
  const folder = join(config && isAbsolute(config) ? config : join(home, '.config'), 'systemd', 'user');
  const wants = join(folder, 'default.target.wants');
  const unit = (id: string) => `ospain2-${id}.service`;
  const control = async (...args: string[]) => (await runProgram('systemctl', ['--user', ...args], env)) === 0;
  return {
    name: 'systemd',
    forgets: [],
    async install(service) {
      assertWritable(service);
      const name = unit(service.id);
      const [file, link, text] = [join(folder, name), join(wants, name), unitText(service)];
      const isThere = existsSync(file) && readFileSync(file, 'utf8') === text && hasLink(link);
      if (!isThere) {
        mkdirSync(wants, { recursive: true });
        writeFileSync(file, text);
        if (!hasLink(link)) symlinkSync(join('..', name), link);
      }
      return { where: file, changed: !isThere };
    },
    async start({ id }) {
      return (await control('daemon-reload')) && (await control('restart', unit(id)));
    },
    async remove({ id }) {
      const name = unit(id);
      await control('stop', name);
      for (const file of [join(wants, name), join(folder, name)]) rmSync(file, { force: true });
      await control('daemon-reload');
    },
    async list() {
      const names = existsSync(folder) ? readdirSync(folder) : [];
      return names.flatMap((name): Written[] => {
        const id = /^ospain2-([0-9a-f]{16})\.service$/.exec(name)?.[1];
        if (id === undefined) return [];
        const where = join(folder, name);
        const line = readFileSync(where, 'utf8')
          .split('\n')
          .find((one) => one.startsWith(MARK));
        return line === undefined ? [] : [{ id, where, workspace: String(JSON.parse(line.slice(MARK.length))) }];
      });
    },
  };
}

const hasLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
