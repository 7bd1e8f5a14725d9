import type { DraftKeeper } from './noteDraft.ts';

const PREFIX = 'ospain2.draft ';

/**
 * Drafts in the storage of the page, only for as long as the server does not have them. Where there is none, or it is full,
 * they are in memory alone.
 */
export function createDraftKeeper(storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): DraftKeeper {
  const attempt = <T>(run: () => T): T | undefined => {
    try {
      return run();
    } catch {
      return undefined;
    }
  };
  return {
    get: (path) =>
      attempt(() => {
        const kept: unknown = JSON.parse(storage().getItem(PREFIX + path) ?? 'null');
        if (typeof kept !== 'object' || kept === null || !('text' in kept) || !('base' in kept)) return undefined;
        const { text, base } = kept;
        return typeof text === 'string' && (base === null || typeof base === 'number') ? { text, base } : undefined;
      }),
    set: (path, draft) => attempt(() => storage().setItem(PREFIX + path, JSON.stringify(draft))),
    remove: (path) => attempt(() => storage().removeItem(PREFIX + path)),
  };
}
