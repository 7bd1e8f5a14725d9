import type { AuditBreak, AuditType } from '../../protocol/index.ts';
import type { AuditLog } from './auditLog.ts';

/**
 * Where the workspace's chain ended whenever a server opened or closed it, in the user's chain. A whole file that was put back
 * from earlier is whole in itself, and shows here alone; one that was restored says so itself.
 */
export interface Anchors {
  opened(): void;
  closed(): void;
  /** The first entry that is not as it was when a server opened or closed the chain. */
  broken(): AuditBreak | null;
}

interface AnchorsDeps {
  workspace: AuditLog;
  user: AuditLog;
  /** Of the workspace, and its path. */
  id: string;
  path: string;
}

/** Anchors that are looked at, over all workspaces. */
const MOST = 500;

export function createAnchors({ workspace, user, id, path }: AnchorsDeps): Anchors {
  const drop = (type: AuditType) => {
    const { chain, number, hash } = workspace.head();
    user.record({ type, subject: path, details: { workspace: id, chain, number, hash } });
  };
  /** Newest first. */
  const ours = (...types: AuditType[]) =>
    user.list({ limit: MOST, types }).filter(({ details }) => details['workspace'] === id);

  return {
    opened() {
      const [last] = workspace.list({ limit: 1 });
      // Who restored it may have died before saying so here: the backup says it as its last entry.
      const isNew = last?.type === 'backup.restored' && ours('backup.restored')[0]?.details['hash'] !== last.hash;
      if (isNew) drop('backup.restored');
      drop('server.started');
    },
    closed: () => drop('server.stopped'),
    broken() {
      const all = ours('server.started', 'server.stopped', 'backup.restored');
      const restored = all.findIndex(({ type }) => type === 'backup.restored');
      const head = workspace.head();
      const breaks = all.slice(0, restored < 0 ? all.length : restored + 1).flatMap(({ details }): AuditBreak[] => {
        const { chain, number, hash } = details;
        if (chain !== head.chain) return [{ number: 1, what: 'replaced' }];
        if (typeof number !== 'number' || number <= head.pruned) return [];
        if (number > head.number) return [{ number: head.number + 1, what: 'truncated' }];
        return workspace.hashOf(number) === hash ? [] : [{ number, what: 'altered' }];
      });
      return breaks.toSorted((one, other) => one.number - other.number)[0] ?? null;
    },
  };
}
