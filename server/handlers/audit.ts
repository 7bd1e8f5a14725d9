import type { AuditEntry, ParsedParams, Result } from '../../protocol/index.ts';
import type { Anchors } from '../audit/anchors.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import type { Handlers } from '../dispatch.ts';
import { writeLines } from '../storage/lineFile.ts';

/** The two chains, which together are the log that a person sees. */
export type AuditLogs = Readonly<Record<AuditEntry['log'], AuditLog>>;

type AuditMethod = 'audit/list' | 'audit/verify' | 'audit/export' | 'audit/prune';

export function createAuditHandlers(
  { workspace, user }: AuditLogs,
  anchors: Pick<Anchors, 'broken'>,
): Pick<Handlers, AuditMethod> {
  const logs = [workspace, user];
  return {
    'audit/list': (filter) => newest({ workspace, user }, filter),
    'audit/verify': async () => {
      const verdicts: Result<'audit/verify'>['logs'] = [];
      for (const log of logs) {
        const { entries, head, broken } = await log.verify();
        const known = log === workspace ? anchors.broken() : null;
        verdicts.push({ log: log.name, ...head, entries, broken: broken ?? known });
      }
      return { logs: verdicts };
    },
    'audit/export': async ({ path }) => {
      let entries = 0;
      const count = () => void entries++;
      const written = await writeLines(path, linesOf(logs, count));
      workspace.record({ type: 'audit.exported', subject: written.path, details: { entries } });
      return { ...written, entries };
    },
    'audit/prune': ({ before }) => ({ dropped: logs.reduce((sum, log) => sum + log.prune(before), 0) }),
  };
}

/** Of each chain where it begins and ends, and then its entries. */
function* linesOf(logs: readonly AuditLog[], onEntry: () => void): Generator<object> {
  for (const log of logs) {
    const { chain, number, hash, pruned } = log.head();
    yield { head: { log: log.name, chain, number, hash, pruned } };
    for (let after = pruned; after < number; ) {
      // What happens from now on is no part of it.
      const entries = log.read(after).filter((entry) => entry.number <= number);
      for (const entry of entries) {
        onEntry();
        yield { entry };
      }
      after = entries.at(-1)?.number ?? number;
    }
  }
}

/** Each chain in its own order, and the two by time: a clock that was set back moves nothing within a chain. */
function newest({ workspace, user }: AuditLogs, filter: ParsedParams<'audit/list'>): Result<'audit/list'> {
  const { limit, since, types, before } = filter;
  const read = (log: AuditLog): AuditEntry[] => log.list({ limit, since, types, before: before?.[log.name] });
  const left = { workspace: read(workspace), user: read(user) };
  const next = { workspace: Number.MAX_SAFE_INTEGER, user: Number.MAX_SAFE_INTEGER, ...before };
  const entries: AuditEntry[] = [];
  while (entries.length < limit) {
    const [own, users] = [left.workspace[0], left.user[0]];
    const isUsers = own === undefined || (users !== undefined && users.at > own.at);
    const entry = isUsers ? left.user.shift() : left.workspace.shift();
    if (entry === undefined) return { entries, next: null };
    next[entry.log] = entry.number;
    entries.push(entry);
  }
  return { entries, next };
}
