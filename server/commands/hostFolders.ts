import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';

/** The folders of a system in which programs and their libraries lie. */
const PROGRAMS = ['usr', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32', 'opt', 'nix', 'gnu'];

/** What programs look up in /etc and what says nothing about the person or the machine. */
const LOOKED_UP = [
  ...['alternatives', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'localtime', 'timezone', 'nsswitch.conf'],
  ...['ssl/certs', 'ssl/openssl.cnf', 'pki/tls/certs', 'pki/ca-trust', 'ca-certificates', 'ca-certificates.conf'],
  ...[
    'protocols',
    'services',
    'mime.types',
    'magic',
    'fonts',
    'terminfo',
    'os-release',
    'debian_version',
    'lsb-release',
  ],
  ...[
    'java-11-openjdk',
    'java-17-openjdk',
    'java-21-openjdk',
    'maven',
    'python3',
    'python3.11',
    'perl',
    'php',
    'dotnet',
  ],
].map((name) => `/etc/${name}`);

/** Toolchains that people keep in their home folder, without the files beside them that hold tokens. */
const TOOLCHAINS = [
  ...['.nvm', '.volta', '.fnm', '.local/share/fnm', '.asdf', '.local/share/mise', '.nodenv', '.npm-global', '.bun/bin'],
  ...['.deno/bin', '.local/share/pnpm', '.pyenv', '.local/share/uv', '.local/bin', '.local/lib', '.rbenv', '.ghcup'],
  ...['.cargo/bin', '.cargo/registry', '.cargo/git', '.rustup', '.sdkman', '.jenv', '.m2/repository', '.dotnet'],
  ...['go/bin', 'go/pkg', '.opam'],
];

export interface HostFolders {
  /** Folders and files that a command sees, read-only, where they are. */
  seen: string[];
  /** Links of the system's root, such as /bin, and what they say. */
  links: { path: string; target: string }[];
  /** Seen too; they lie in the home folder, which is otherwise empty. */
  inHome: string[];
}

/** `readable` are the folders that the person adds; what does not exist, or holds the home folder, is left out. */
export function hostFolders(home: string, readable: readonly string[]): HostFolders {
  const found: HostFolders = { seen: [], links: [], inHome: [] };
  for (const name of PROGRAMS) {
    const path = `/${name}`;
    const stats = statsOf(path);
    if (stats?.isSymbolicLink()) found.links.push({ path, target: readlinkSync(path) });
    else if (stats) found.seen.push(path);
  }
  const exists = (path: string): boolean => isAbsolute(path) && statSync(path, { throwIfNoEntry: false }) !== undefined;
  found.seen.push(...LOOKED_UP.filter(exists));
  const added = readable.filter((path) => exists(path) && !isWithin(home, path));
  found.seen.push(...added.filter((path) => !isWithin(path, home)));
  found.inHome.push(...TOOLCHAINS.map((name) => join(home, name)).filter(exists));
  found.inHome.push(...added.filter((path) => isWithin(path, home)));
  return found;
}

function statsOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** Whether a path is a folder or lies in it. */
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
