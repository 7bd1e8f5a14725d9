import type { Item } from '../../../protocol/items.ts';
import { t } from '../../words.ts';

interface DoneBoxProps {
  readonly item: Item;
  readonly tabIndex: 0 | -1;
  readonly onToggle: (done: boolean) => void;
}

/** The box in front of an item. Plain HTML: there is one in each row of long lists. */
export const DoneBox = ({ item, tabIndex, onToggle }: DoneBoxProps) => (
  <input
    type="checkbox"
    checked={item.doneAt !== null}
    aria-label={t('Done: {0}', item.title)}
    tabIndex={tabIndex}
    onChange={({ target }) => onToggle(target.checked)}
    className="mt-[3px] size-3.5 shrink-0 accent-accent"
  />
);
