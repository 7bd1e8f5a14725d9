import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../protocol/index.ts';
import { createCommands } from '../commands/commands.ts';
import { ok, warning } from './finding.ts';

/** Whether commands of tasks run in a sandbox: found out as the server does, by running one. */
export async function checkSandbox(env: NodeJS.ProcessEnv): Promise<Finding> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'ospain2-doctor-')));
  try {
    const commands = createCommands({
      ...{ root, hidden: [], readable: [], env, shell: 'powershell', timeoutMs: 20_000, now: Date.now },
      limits: { memory: 1e9, scratch: 100e6, processes: 64 },
    });
    const { kind, reason } = await commands.sandbox();
    if (kind !== 'none') return ok('sandbox', `${kind} works`);
    return warning('sandbox', reason, adviceFor(process.platform));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function adviceFor(platform: NodeJS.Platform): string {
  if (platform !== 'linux') return 'Each command of a task waits for your word. docs/sandbox.md tells more.';
  const isWsl = release().toLowerCase().includes('microsoft');
  return [
    'Each command of a task waits for your word. Install bubblewrap (apt install bubblewrap).',
    'Where it is there, namespaces of users may be forbidden: kernel.apparmor_restrict_unprivileged_userns on Ubuntu,',
    `${isWsl ? 'and WSL 1 has none' : 'user.max_user_namespaces=0 elsewhere'}. docs/sandbox.md tells more.`,
  ].join(' ');
}
