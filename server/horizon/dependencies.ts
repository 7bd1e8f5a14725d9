import { OspainError } from '../../protocol/index.ts';
import { dependenciesOf, type ItemRow } from './itemRow.ts';

/** Throws `conflict` when an item would come before itself. What was removed comes before nothing. */
export function assertNoCircle(item: ItemRow, find: (id: string) => ItemRow | undefined): void {
  const seen = new Set<string>();
  const open = dependenciesOf(item);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === item.id)
      throw new OspainError('conflict', `Item ${item.number} would wait for itself.`, {
        hint: 'Take one of the dependencies on the way away.',
      });
    if (seen.has(id)) continue;
    seen.add(id);
    const row = find(id);
    if (row?.removed === 0) open.push(...dependenciesOf(row));
  }
}
