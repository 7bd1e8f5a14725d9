import { auditBreakText } from '../../protocol/index.ts';
import { fileSize, plural } from '../text.ts';
import { foundText, type Proof, type Seen } from './proof.ts';
import type { Searched } from './search.ts';
import type { Traced } from './trace.ts';
import type { Walls } from './walls.ts';

export interface Evidence {
  walls: Walls;
  seen: Seen;
  /** After the server had ended. */
  searchedAfter: Searched;
  /** Null where nothing was traced. */
  traced: Traced | null;
}

/** What the evidence says of each promise. What was not looked at proves nothing: a trace without a call, a search without a file. */
export function judge(evidence: Evidence): Proof[] {
  return [work(evidence), connections(evidence), plaintext(evidence), audit(evidence), ...places(evidence)];
}

function work({ seen }: Evidence): Proof {
  const done = seen.deeds.join(', ');
  return proof('work', `${seen.deeds.length} things done`, done, seen.failed);
}

function connections({ walls, seen, traced }: Evidence): Proof {
  const problems = [
    ...(traced?.attempts ?? []).map(({ pid, call, address }) => `process ${pid} called ${call} ${address}`),
    ...seen.refused.map((what) => `refused by the guard, in ${what}`),
    ...(seen.recorded > 0 ? [`${seen.recorded} on record, and nobody agreed to one`] : []),
  ];
  const attempted = problems.length;
  if (traced !== null && traced.calls === 0) problems.push('the trace saw no call at all, not even local ones');
  const examined = [
    traced === null
      ? 'what the guards refused, since no strace works here'
      : `${plural(traced.calls, 'network call')} of ${plural(traced.processes, 'process', 'processes')}, all on this machine`,
    walls.namespace ? 'in a network namespace that has only its own loopback' : 'with the network of this machine',
  ];
  return proof('connections', `connections attempted ${attempted}`, examined.join('; '), problems);
}

function plaintext({ seen, searchedAfter }: Evidence): Proof {
  const found = [...new Set([...seen.searched.found, ...searchedAfter.found].map(foundText))];
  const files = seen.searched.files + searchedAfter.files;
  const bytes = seen.searched.bytes + searchedAfter.bytes;
  const problems = seen.searched.files === 0 || searchedAfter.files === 0 ? [...found, 'no file was there'] : found;
  const examined = `${plural(files, 'file')}, ${fileSize(bytes)}: data, logs, caches, temporary folders, the backup; while the server ran and after it`;
  return proof('plaintext', `plaintext found ${found.length}`, examined, problems);
}

function audit({ seen }: Evidence): Proof {
  const problems = [
    ...seen.chains.flatMap(({ log, broken }) =>
      broken === null ? [] : [`the ${log}'s log: ${auditBreakText(broken)}`],
    ),
    ...seen.entries
      .filter(({ expected, found }) => found < expected)
      .map(({ type, expected, found }) => `${type} is there ${found} times, and happened ${expected} times`),
  ];
  const entries = seen.chains.reduce((sum, chain) => sum + chain.entries, 0);
  const kinds = seen.entries.filter(({ expected, found }) => found >= expected).length;
  if (entries === 0) problems.push('it has no entry');
  const examined = `${plural(entries, 'entry', 'entries')} in ${plural(seen.chains.length, 'chain')}; ${kinds} of ${seen.entries.length} kinds of what was done are in it`;
  return proof('audit', problems.length === 0 ? 'audit log whole' : 'audit log broken', examined, problems);
}

function places({ seen: { permissions, processes } }: Evidence): Proof[] {
  const open = permissions?.open ?? [];
  return [
    permissions === null
      ? unknown('permissions', 'permissions not examined', 'on Windows they are those of the folder of the user')
      : proof(
          'permissions',
          `open to others ${open.length}`,
          `${plural(permissions.files, 'file')} at most 0600, ${plural(permissions.folders, 'folder')} at most 0700`,
          open.map(({ path, mode }) => `${path} has mode ${mode}`),
        ),
    processes === null
      ? unknown('processes', 'processes not examined', 'only Linux shows them')
      : proof(
          'processes',
          `secrets in processes ${processes.leaks.length}`,
          `arguments and environment of ${plural(processes.examined, 'process', 'processes')}`,
          processes.leaks,
        ),
  ];
}

const proof = (name: Proof['name'], said: string, examined: string, problems: string[]): Proof => ({
  ...{ name, ok: problems.length === 0, said, examined, problems },
});

const unknown = (name: Proof['name'], said: string, examined: string): Proof => ({
  ...{ name, ok: null, said, examined, problems: [] },
});
