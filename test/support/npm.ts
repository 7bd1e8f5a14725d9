import { existsSync } from 'node:fs';
import path from 'node:path';
import { command } from './vscode/command.ts';
import { node, repository } from './vscode/tools.ts';

/** npm as a plain command: what an outer `npm run` left in the environment about its own project would mislead it. */
export function npmWith(more: Record<string, string>): (cwd: string, ...args: string[]) => Promise<string> {
  return (cwd, ...args) => command('npm', args, { cwd, env: { ...plainEnv(), ...more } });
}

/** The environment for npm and what it compiles: they must run on the Node that will load the native modules. */
export function plainEnv(): NodeJS.ProcessEnv {
  const outer = /^npm_(package_|lifecycle_|config_(local_prefix|global_prefix|prefix|omit|include|ignore_scripts)$)/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));
  return { ...env, PATH: `${path.dirname(node)}${path.delimiter}${env.PATH ?? ''}` };
}

/** The folder with `include/node` that lies near, so that node-gyp need not download the headers; undefined when none does. */
export function nearHeaders(): string | undefined {
  const name = `node-${process.platform}-${process.arch}`;
  const near = [`node_modules/node/node_modules/${name}`, `node_modules/${name}`];
  return near.map((at) => path.join(repository, at)).find((at) => existsSync(path.join(at, 'include/node/node.h')));
}
