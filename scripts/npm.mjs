/** npm as a child process. Plain JavaScript: runs before Node 24 is there. */
import { spawnSync } from 'node:child_process';

/**
 * What an outer `npm run` says about its own command and project; a person's own settings (registry, cache, proxy) are
 * `npm_config_` too, and stay.
 */
const outer =
  /^(npm_(package_|lifecycle_|command$|config_(local_prefix|global_prefix|prefix|omit|include|only|production|dry_run)$)|INIT_CWD$)/i;

/** @type {import('./npm.d.mts').withoutNpm} */
export function withoutNpm(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !outer.test(name)));
}

/** @type {import('./npm.d.mts').npm} */
export function npm(args, cwd) {
  // The Node that npm runs on: this process may run on the repository's own, which `npm ci` takes away.
  const { npm_execpath: program, npm_node_execpath: node = process.execPath } = process.env;
  // The npm that runs this, where there is one; `npm` on Windows is a script that only a shell can start.
  const own = program !== undefined && /npm-cli\.c?js$/.test(program);
  const [command, ...all] = own ? [node, program, ...args] : ['npm', ...args];
  const shell = !own && process.platform === 'win32';
  const { status, signal, error } = spawnSync(command, all, {
    cwd,
    stdio: 'inherit',
    env: withoutNpm(process.env),
    shell,
  });
  if (error) throw new Error(`npm could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${signal ?? `exit code ${status}`}`);
}
