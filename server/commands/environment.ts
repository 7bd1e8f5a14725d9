import { isAbsolute } from 'node:path';

/** What a command is told of the person's surroundings: languages and where toolchains lie. Never a token or a socket. */
const KEPT = [
  ...['LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'LC_MESSAGES', 'LC_NUMERIC', 'LC_TIME', 'LC_COLLATE', 'TZ'],
  ...[
    'JAVA_HOME',
    'GOROOT',
    'GOPATH',
    'CARGO_HOME',
    'RUSTUP_HOME',
    'PYENV_ROOT',
    'NVM_DIR',
    'VOLTA_HOME',
    'BUN_INSTALL',
  ],
  ...['DENO_DIR', 'PNPM_HOME', 'ASDF_DIR', 'ASDF_DATA_DIR', 'SDKMAN_DIR', 'DOTNET_ROOT', 'ANDROID_HOME', 'VIRTUAL_ENV'],
] as const;

/** Nobody sits at a terminal: what would ask fails at once, what would fetch says so at once. */
const UNATTENDED: Readonly<Record<string, string>> = {
  CI: '1',
  TERM: 'dumb',
  NO_COLOR: '1',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_EDITOR: 'false',
  EDITOR: 'false',
  VISUAL: 'false',
  DEBIAN_FRONTEND: 'noninteractive',
  PIP_NO_INPUT: '1',
  PYTHONUNBUFFERED: '1',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  npm_config_yes: 'false',
};

const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Folders of PATH that name one place wherever a program stands. */
export function searchPath(env: NodeJS.ProcessEnv): string[] {
  const named = (env.PATH ?? '').split(':').filter((folder) => isAbsolute(folder));
  return [...new Set([...named, ...SYSTEM_PATH])];
}

/** The whole environment of a command in a sandbox; nothing else of the server's reaches it. */
export function sandboxEnvironment(env: NodeJS.ProcessEnv, home: string): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    const value = env[name];
    if (value !== undefined) kept[name] = value;
  }
  return {
    ...kept,
    ...UNATTENDED,
    PATH: searchPath(env).join(':'),
    HOME: home,
    USER: 'user',
    LOGNAME: 'user',
    SHELL: '/bin/sh',
    TMPDIR: '/tmp',
  };
}

/** Without a sandbox the command is the person's own; only what it cannot answer is switched off. */
export const openEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...env, ...UNATTENDED });
