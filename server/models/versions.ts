import semver from 'semver';

/** What `latest` becomes when a version is added: the minor version after the newest one, and 1.0.0 at first. */
export function nextVersion(versions: readonly string[]): string {
  const newest = newestVersion(versions);
  if (newest === undefined) return '1.0.0';
  // Of a pre-release this is what it prepared.
  return semver.prerelease(newest) === null ? (semver.inc(newest, 'minor') ?? '1.0.0') : release(newest);
}

/** What a name alone leads to: the highest release, or the highest of all while nothing was released. */
export function newestVersion(versions: readonly string[]): string | undefined {
  const sorted = [...versions].sort(newestFirst);
  return sorted.find((version) => semver.prerelease(version) === null) ?? sorted[0];
}

export const newestFirst = (one: string, other: string): number => semver.compareBuild(other, one);

const release = (version: string): string => {
  const { major, minor, patch } = new semver.SemVer(version);
  return `${major}.${minor}.${patch}`;
};
