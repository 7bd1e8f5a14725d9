import { diffLines } from 'diff';
import type { EventData, ProposalFile } from '../../protocol/index.ts';

type ChangedFile = EventData<'proposal'>['files'][number];

/** Milliseconds after which counting gives up on two very different texts. */
const PATIENCE = 500;

/** How many lines a file gains and loses. */
export function countChanges({ path, before, after }: ProposalFile): ChangedFile {
  const parts = diffLines(before ?? '', after ?? '', { timeout: PATIENCE });
  const count = (text: string): number => text.split('\n').length - (text.endsWith('\n') || text === '' ? 1 : 0);
  // Then all of it counts as changed, which is nearly true.
  if (!parts) return { path, added: count(after ?? ''), removed: count(before ?? '') };
  const sum = (side: 'added' | 'removed'): number =>
    parts.filter((part) => part[side]).reduce((total, part) => total + part.count, 0);
  return { path, added: sum('added'), removed: sum('removed') };
}
