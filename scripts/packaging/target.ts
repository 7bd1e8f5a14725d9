/** The platforms that the product is built for, and what each native dependency calls them. */

export interface Target {
  /** The name that VS Code's marketplace uses. */
  readonly name: string;
  readonly os: 'linux' | 'darwin' | 'win32';
  readonly cpu: 'x64' | 'arm64';
  /** Packages with native files; each must be installed, whole, or nothing is packaged. */
  readonly sqlite: string;
  readonly keyring: string;
  readonly llama: string;
  /** sqlite-vec is not made for Windows on ARM: there the index goes without meaning. */
  readonly vectors: string | undefined;
  readonly ripgrep: string;
}

const target = (os: Target['os'], cpu: Target['cpu'], keyringAbi: string, llama: string): Target => ({
  name: `${os}-${cpu}`,
  os,
  cpu,
  sqlite: `${os}-${cpu}`,
  keyring: `@napi-rs/keyring-${os}-${cpu}${keyringAbi}`,
  llama: `@node-llama-cpp/${llama}`,
  vectors: os === 'win32' && cpu === 'arm64' ? undefined : `sqlite-vec-${os === 'win32' ? 'windows' : os}-${cpu}`,
  ripgrep: `@vscode/ripgrep-${os}-${cpu}`,
});

export const targets: readonly Target[] = [
  target('linux', 'x64', '-gnu', 'linux-x64'),
  target('linux', 'arm64', '-gnu', 'linux-arm64'),
  target('darwin', 'x64', '', 'mac-x64'),
  target('darwin', 'arm64', '', 'mac-arm64-metal'),
  target('win32', 'x64', '-msvc', 'win-x64'),
  target('win32', 'arm64', '-msvc', 'win-arm64'),
];

/** The packages of which a platform has its own; the database's addon is in one package for all. */
export const nativePackages = ({ llama, ripgrep, keyring, vectors }: Target): string[] =>
  [llama, ripgrep, keyring, ...(vectors === undefined ? [] : [vectors])].sort();

/** The platform that this process runs on. */
export const hostName = `${process.platform}-${process.arch}`;

export function targetNamed(name: string): Target {
  const found = targets.find((one) => one.name === name);
  if (found) return found;
  throw new Error(`there is no target '${name}': one of ${targets.map((one) => one.name).join(', ')}`);
}
