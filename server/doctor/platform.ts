import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, OspainError } from '../../protocol/index.ts';
import { CIPHER } from '../storage/database.ts';
import { assertSupportedNode } from '../storage/node.ts';
import { loadSqlite } from '../storage/sqlite.ts';
import { missingVisualC, VISUAL_C_HINT } from '../visualC.ts';
import { failed, failedBy, ok } from './finding.ts';

/** glibc that the addons are built against, of the binaries that are shipped: `objdump -T` shows GLIBC_2.34. */
const NEEDED_GLIBC = [2, 34] as const;

export function checkNode(versions: NodeJS.ProcessVersions): Finding {
  const found = `Node ${versions.node} with Node-API ${versions['napi'] ?? 'unknown'}`;
  try {
    assertSupportedNode(versions);
    return ok('node', found);
  } catch (thrown) {
    return failed('node', found, OspainError.from(thrown).hint ?? '');
  }
}

export interface Libraries {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  /** Folders of the addons: what lies beside an addon is found by it. */
  addons: readonly string[];
  /** Of glibc, as Node tells it; undefined where the C library is another one. */
  glibc: string | undefined;
}

/** The libraries of the system that the addons stand on. */
export function checkLibraries({ platform, env, addons, glibc }: Libraries): Finding {
  if (platform === 'win32') return checkVisualC(env, addons);
  if (platform !== 'linux') return ok('libraries', 'those of the system');
  if (glibc === undefined)
    return failed(
      'libraries',
      'a C library that is not glibc',
      'Use a distribution with glibc 2.34 or newer, such as Debian 12 or Ubuntu 22.04; Alpine (musl) is not supported.',
    );
  const [major = 0, minor = 0] = glibc.split('.').map(Number);
  const isEnough = major > NEEDED_GLIBC[0] || (major === NEEDED_GLIBC[0] && minor >= NEEDED_GLIBC[1]);
  if (isEnough) return ok('libraries', `glibc ${glibc}`);
  return failed(
    'libraries',
    `glibc ${glibc}`,
    'Use a system with glibc 2.34 or newer: Debian 12, Ubuntu 22.04, Fedora 35, RHEL 9, or one of their age.',
  );
}

function checkVisualC(env: NodeJS.ProcessEnv, addons: readonly string[]): Finding {
  const missing = missingVisualC(env, 'win32');
  if (missing.length === 0) return ok('libraries', 'the Visual C++ runtime');
  const isIn = (folder: string) => (name: string) => existsSync(join(folder, name));
  if (addons.length > 0 && addons.every((folder) => missing.every(isIn(folder))))
    return ok('libraries', 'the Visual C++ runtime, beside the addons');
  return failed(
    'libraries',
    `${missing.join(', ')} missing, so models do not run and keys are kept in files`,
    VISUAL_C_HINT,
  );
}

/** Whether the database addon loads and enciphers. */
export async function checkDatabase(): Promise<Finding> {
  try {
    const Sqlite = await loadSqlite();
    const db = new Sqlite(':memory:');
    const version = String(db.prepare('SELECT sqlite_version()').pluck().get());
    const cipher = db.pragma(`cipher = '${CIPHER}'`, { simple: true });
    db.close();
    if (cipher === CIPHER) return ok('database', `SQLite ${version}, which enciphers with ${CIPHER}`);
    return failed('database', `SQLite ${version} without encryption`, 'Install OSPAiN2 again.');
  } catch (thrown) {
    return failedBy('database', thrown);
  }
}
