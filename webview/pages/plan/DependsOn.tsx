import { useId, useState } from 'react';
import type { Item } from '../../../protocol/items.ts';
import { useHub, useItems } from '../../stores/hub.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Link } from '../../ui/Link.tsx';
import { t } from '../../words.ts';
import { usePlan } from './planContext.ts';

/** Choices that are offered at once. */
const MOST = 12;

/** What comes before an item, and a field to name more by number or title. */
export function DependsOn({ item }: { readonly item: Item }) {
  const { items } = useHub();
  const { show } = usePlan();
  useItems(({ version }) => version);
  const known = items.getState().items;
  const [text, setText] = useState('');
  const list = useId();
  const field = useId();
  const found = text === '' ? [] : candidates([...known.values()], item, text);
  const set = (dependsOn: string[]) => void items.change(item.id, { dependsOn });
  const add = (value: string) => {
    const [number] = /^\d+/.exec(value) ?? [];
    const chosen = found.find((one) => String(one.number) === number) ?? (found.length === 1 ? found[0] : undefined);
    if (chosen === undefined) return;
    setText('');
    set([...item.dependsOn, chosen.id]);
  };
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={field}>{t('Waits for')}</label>
      {item.dependsOn.length === 0 ? null : (
        <ul className="flex flex-col">
          {item.dependsOn.map((id) => {
            const other = known.get(id);
            return (
              <li key={id} className="flex items-center gap-1">
                <span className={`min-w-0 flex-1 truncate ${other?.doneAt ? 'line-through' : ''}`}>
                  <Link onPress={() => show({ name: 'item', item: id })}>
                    {other === undefined ? t('an item that is done') : `${other.number} ${other.title}`}
                  </Link>
                </span>
                <IconButton
                  icon="close"
                  label={t('Wait no more for {0}', other?.title ?? '')}
                  onPress={() => set(item.dependsOn.filter((one) => one !== id))}
                />
              </li>
            );
          })}
        </ul>
      )}
      <input
        id={field}
        type="text"
        list={list}
        value={text}
        placeholder={t('Number or title of an item')}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={({ key }) => key === 'Enter' && add(text)}
        className="h-[26px] border border-field-edge bg-field px-2 text-field-ink outline-none focus:border-focus"
      />
      <datalist id={list}>
        {found.map(({ id, number, title }) => (
          <option key={id} value={`${number} ${title}`} />
        ))}
      </datalist>
    </div>
  );
}

function candidates(all: readonly Item[], item: Item, text: string): Item[] {
  const wanted = text.trim().toLowerCase();
  const [number] = /^\d+(?=\s|$)/.exec(wanted) ?? [];
  const fits = (one: Item) =>
    `${one.number} ${one.title}`.toLowerCase().includes(wanted) || String(one.number) === number;
  const isFree = ({ id }: Item) => id !== item.id && !item.dependsOn.includes(id);
  return all.filter((one) => isFree(one) && fits(one)).slice(0, MOST);
}
