import { useEffect, useState } from 'react';
import type { Item } from '../../../protocol/items.ts';
import { Suggestions } from '../../components/Suggestions.tsx';
import { useHub, useItems } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { DateField } from '../../ui/DateField.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { t } from '../../words.ts';
import { horizons } from './boardKeys.ts';
import { DependsOn } from './DependsOn.tsx';
import { ItemTasks } from './ItemTasks.tsx';
import { ItemTexts } from './ItemTexts.tsx';
import { NoteLink } from './NoteLink.tsx';
import { usePlan } from './planContext.ts';
import { horizonTitle } from './planWords.ts';

/** One item with all that is known of it; each field is kept as it is left. */
export function ItemPanel({ item: ref }: { readonly item: string }) {
  const { items } = useHub();
  const [id, setId] = useState<string>();
  const [isGone, setGone] = useState(false);
  const isReady = useItems(({ state }) => state === 'ready');
  useEffect(() => {
    let isShown = true;
    if (isReady)
      void items.find(ref).then((found) => {
        if (!isShown) return;
        setId(found?.id);
        setGone(found === undefined);
      });
    return () => {
      isShown = false;
    };
  }, [items, ref, isReady]);
  const item = useItems((state) => state.items.get(id ?? ''));
  if (item !== undefined) return <Fields item={item} />;
  if (isGone || id !== undefined) return <p className="text-muted">{t('There is no such item any more.')}</p>;
  return <Spinner label={t('The item is being loaded')} />;
}

function Fields({ item }: { readonly item: Item }) {
  const { items } = useHub();
  const { announce, show } = usePlan();
  const { id, horizon, start, due, needsPerson, doneAt } = item;
  const change = (next: Parameters<typeof items.change>[1]) => void items.change(id, next);
  const remove = async () => {
    if (!(await items.remove(id))) return;
    announce(t('“{0}” was removed. Undo brings it back.', item.title));
    show(undefined);
  };
  return (
    <>
      <ItemTexts key={id} item={item} />
      <div className="grid grid-cols-2 gap-3">
        <Dropdown
          label={t('Horizon')}
          value={horizon}
          options={horizons.map((value) => ({ value, text: horizonTitle[value]() }))}
          onChange={(value) => void items.move(id, value, undefined)}
        />
        <span />
        <DateField
          label={t('Start')}
          value={start ?? ''}
          onChange={(day) => change({ start: day === '' ? null : day })}
        />
        <DateField label={t('Due')} value={due ?? ''} onChange={(day) => change({ due: day === '' ? null : day })} />
      </div>
      <Checkbox checked={!needsPerson} onChange={(alone) => change({ needsPerson: !alone })}>
        {t('A task can do it with nobody there')}
      </Checkbox>
      <DependsOn item={item} />
      <Suggestions of={{ item: id }} abouts={['title', 'tags', 'horizon', 'steps', 'related']} />
      <NoteLink item={item} />
      <ItemTasks item={item} />
      <div className="flex flex-wrap gap-2">
        <Button onPress={() => change({ done: doneAt === null })}>
          {doneAt === null ? t('Done') : t('Open again')}
        </Button>
        <Button onPress={() => void remove()}>{t('Remove')}</Button>
      </div>
    </>
  );
}
