import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './runProgram.ts';
import { assertWritable, type Service, type ServiceManager, type Written } from './service.ts';

const label = (id: string): string => `ospain2.${id}`;

/** A property list of launchd. Source: launchd.plist(5). Keys that launchd does not know are left alone by it. */
export function plistText({ id, workspace, command, env }: Service): string {
  const strings = (texts: readonly string[]) => texts.map((text) => `    <string>${escaped(text)}</string>\n`).join('');
  const variables = Object.entries(env).map(
    ([name, value]) => `    <key>${escaped(name)}</key>\n    <string>${escaped(value)}</string>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${label(id)}</string>
  <key>Ospain2Workspace</key>
  <string>${escaped(workspace)}</string>
  <key>ProgramArguments</key>
  <array>
${strings(command)}  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables.join('')}  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
</dict>
</plist>
`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

export function createLaunchd(env: NodeJS.ProcessEnv, home: string): ServiceManager {
  const folder = join(home, 'Library', 'LaunchAgents');
  const fileOf = (id: string) => join(folder, `${label(id)}.plist`);
  const control = async (...args: string[]) => (await runProgram('launchctl', args, env)) === 0;
  const domain = `gui/${userInfo().uid}`;
  return {
    name: 'launchd',
    forgets: [],
    async install(service) {
      assertWritable(service);
      const [where, text] = [fileOf(service.id), plistText(service)];
      const changed = !existsSync(where) || readFileSync(where, 'utf8') !== text;
      if (changed) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(where, text);
      }
      return { where, changed };
    },
    async start({ id }) {
      // One that is loaded keeps what was written before.
      await control('bootout', `${domain}/${label(id)}`);
      return control('bootstrap', domain, fileOf(id));
    },
    async remove({ id }) {
      await control('bootout', `${domain}/${label(id)}`);
      rmSync(fileOf(id), { force: true });
    },
    async list() {
      const names = existsSync(folder) ? readdirSync(folder) : [];
      return names.flatMap((name): Written[] => {
        const id = /^ospain2\.([0-9a-f]{16})\.plist$/.exec(name)?.[1];
        if (id === undefined) return [];
        const where = join(folder, name);
        const found = /<key>Ospain2Workspace<\/key>\s*<string>([^<]*)<\/string>/.exec(readFileSync(where, 'utf8'))?.[1];
        return found === undefined ? [] : [{ id, where, workspace: unescaped(found) }];
      });
    },
  };
}
