import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** util-linux has it in every distribution. */
const PLACES = ['/usr/bin/unshare', '/bin/unshare', '/run/current-system/sw/bin/unshare'];

/** The administrator needs no namespace of users, in which they would lose the right to read the files of others. */
const WAYS = [['--net'], ['--user', '--map-current-user', '--net']];

/** Milliseconds that a try may take. */
const PATIENCE = 2000;

let found: readonly string[] | undefined;

/**
 * What to put before a command so that it has no network at all: a namespace of its own, with no interface that is up (unshare(1)).
 * The command takes the place of the program that makes it, so it has the process id that was started. Empty where this system has
 * none: elsewhere than on Linux, and where namespaces are forbidden. It is tried once.
 */
export function networkWall(): readonly string[] {
  found ??= findWall();
  return found;
}

function findWall(): readonly string[] {
  const program = process.platform === 'linux' ? PLACES.find((place) => existsSync(place)) : undefined;
  if (program === undefined) return [];
  const works = (way: readonly string[]) =>
    spawnSync(program, [...way, '--', program, '--version'], { stdio: 'ignore', timeout: PATIENCE }).status === 0;
  const way = WAYS.find(works);
  return way === undefined ? [] : [program, ...way, '--'];
}
