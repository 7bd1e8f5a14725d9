import { basename } from 'node:path';

/** Where Apple's program lies; deprecated by name, and what every browser on macOS still stands on. */
export const SANDBOX_EXEC = '/usr/bin/sandbox-exec';

/** Below the person's home; a command has no business there. */
const PRIVATE = [
  'Library',
  'Documents',
  'Desktop',
  'Downloads',
  'Pictures',
  'Movies',
  'Music',
  '.ssh',
  '.gnupg',
  '.aws',
];

export interface SeatbeltPlaces {
  /** The copy of the workspace that the command works in, and its temporary folder; the only places that it can write. */
  writable: readonly string[];
  home: string;
  /** Toolchains in the home folder. */
  readable: readonly string[];
  /** Never seen, wherever they lie: the product's own folder. */
  hidden: readonly string[];
}

/**
 * A profile in the language of Seatbelt (after Chromium's seatbelt_sandbox_design.md and the profiles in
 * /System/Library/Sandbox). Of several rules that match, the last one decides. Without network, without what other programs offer by
 * Mach, and it reads and writes as little as a build needs.
 */
export function seatbeltProfile({ writable, home, readable, hidden }: SeatbeltPlaces): string {
  const subpaths = (paths: readonly string[]): string => paths.map((path) => `(subpath ${quoted(path)})`).join(' ');
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-fork) (allow process-exec) (allow signal (target same-sandbox))',
    '(allow sysctl-read) (allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo"))',
    '(allow ipc-posix-sem) (allow ipc-posix-shm*)',
    '(allow file-read-metadata)',
    `(allow file-read* ${subpaths(['/usr', '/bin', '/sbin', '/opt', '/System', '/Library', '/private/etc', '/private/var/db/timezone', '/dev', '/Applications'])} (literal "/"))`,
    `(deny file-read* ${subpaths([home, '/private/etc/ssh', '/Library/Keychains', '/private/var/run'])})`,
    ...(readable.length > 0 ? [`(allow file-read* ${subpaths(readable)})`] : []),
    `(allow file-read* file-write* ${subpaths(writable)})`,
    '(allow file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/dtracehelper"))',
    `(deny file-write* (regex #"/\\.git(/|$)"))`,
    `(deny file-read* file-write* ${subpaths([...PRIVATE.map((name) => `${home}/${name}`), ...hidden])})`,
    '(deny network*)',
    '',
  ].join('\n');
}

/** A string of the profile; throws for a path that could end it. */
function quoted(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f]/.test(path)) throw new Error(`the name of ${basename(path)} holds a control character`);
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
