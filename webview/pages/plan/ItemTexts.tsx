import { useState } from 'react';
import type { Item } from '../../../protocol/items.ts';
import { minutesText, readMinutes } from '../../../protocol/minutes.ts';
import { useHub } from '../../stores/hub.ts';
import { TextField } from '../../ui/TextField.tsx';
import { t } from '../../words.ts';

type Read = { readonly value: Partial<Pick<Item, 'title' | 'estimate' | 'tags'>> } | { readonly wrong: string };

interface TextOfItem {
  readonly label: () => string;
  readonly placeholder: string;
  readonly of: (item: Item) => string;
  readonly read: (text: string) => Read;
}

const texts: Readonly<Record<'title' | 'estimate' | 'tags', TextOfItem>> = {
  title: {
    label: () => t('Title'),
    placeholder: '',
    of: ({ title }) => title,
    read: (text) => (text.trim() === '' ? { wrong: t('An item needs a title.') } : { value: { title: text.trim() } }),
  },
  estimate: {
    label: () => t('Estimate'),
    placeholder: '1h30',
    of: ({ estimate }) => (estimate === null ? '' : minutesText(estimate)),
    read(text) {
      if (text.trim() === '') return { value: { estimate: null } };
      const estimate = readMinutes(text);
      return estimate === undefined ? { wrong: t('Write 90, 1h30, 1.5h or 45min.') } : { value: { estimate } };
    },
  },
  tags: {
    label: () => t('Tags'),
    placeholder: 'docs api',
    of: ({ tags }) => tags.join(' '),
    read: (text) => ({ value: { tags: text.split(/[\s#,]+/).filter((tag) => tag !== '') } }),
  },
};

/** What is written of an item. */
export const ItemTexts = ({ item }: { readonly item: Item }) => (
  <>
    <OneText item={item} name="title" />
    <div className="grid grid-cols-2 gap-3">
      <OneText item={item} name="estimate" />
      <OneText item={item} name="tags" />
    </div>
  </>
);

/** A draft, kept when it is left or Enter is pressed; Escape gives it up. What somebody else wrote meanwhile is said, not overwritten. */
function OneText({ item, name }: { readonly item: Item; readonly name: keyof typeof texts }) {
  const { items } = useHub();
  const { label, placeholder, of, read } = texts[name];
  const now = of(item);
  const [draft, setDraft] = useState<{ readonly text: string; readonly from: string }>();
  const [wrong, setWrong] = useState<string>();
  const leave = () => {
    if (draft === undefined) return;
    const answer = read(draft.text);
    if ('wrong' in answer) return setWrong(answer.wrong);
    setWrong(undefined);
    setDraft(undefined);
    if (draft.text !== draft.from) void items.change(item.id, answer.value);
  };
  const isOther = draft !== undefined && draft.from !== now;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the control is in it
    <div
      onBlur={() => !isOther && leave()}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || draft === undefined) return;
        event.preventDefault();
        setDraft(undefined);
        setWrong(undefined);
      }}
    >
      <TextField
        label={label()}
        value={draft?.text ?? now}
        placeholder={placeholder}
        maxLength={500}
        error={isOther ? t('It was changed meanwhile to “{0}”. Enter keeps yours, Escape that.', now) : wrong}
        onChange={(text) => {
          if (text !== (draft?.text ?? now)) setDraft({ text, from: draft?.from ?? now });
        }}
        onEnter={leave}
      />
    </div>
  );
}
