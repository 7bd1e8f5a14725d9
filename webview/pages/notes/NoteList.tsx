import { useCallback } from 'react';
import type { Note } from '../../../protocol/notes.ts';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { type RowFocus, VirtualList } from '../../components/VirtualList.tsx';
import { useHub, useNotes } from '../../stores/hub.ts';
import type { NoteHit } from '../../stores/notes.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { t } from '../../words.ts';

const ROW = 46;
/** Tags that the choice offers, those with most notes; all others are found by typing #tag. */
const OFFERED = 100;

export function NoteList({ current }: { readonly current: string }) {
  const { notes } = useHub();
  const { notes: shown, hits, filter, tags } = useNotes();
  const more = useCallback(() => notes.more(), [notes]);
  const offered = tags.toSorted((one, other) => other.notes - one.notes).slice(0, OFFERED);
  const isSearch = filter.text.trim() !== '';
  return (
    <>
      <div className="flex shrink-0 flex-col gap-2 border-edge border-b p-3">
        <TextField
          label={t('Search notes')}
          hideLabel
          placeholder={t('Words, "a phrase" or #tag')}
          value={filter.text}
          maxLength={1000}
          onChange={(text) => notes.filter({ text })}
        />
        <div className="flex gap-2">
          <Dropdown
            label={t('Order')}
            hideLabel
            value={filter.order}
            disabled={isSearch}
            options={[
              { value: 'path', text: t('By name') },
              { value: 'updated', text: t('Newest first') },
            ]}
            onChange={(order) => notes.filter({ order })}
          />
          {offered.length === 0 ? null : (
            <Dropdown
              label={t('Tag')}
              hideLabel
              value={filter.tag}
              disabled={isSearch}
              options={[
                { value: '', text: t('All tags') },
                ...offered.map(({ tag, notes: count }) => ({ value: tag.toLowerCase(), text: `#${tag} (${count})` })),
              ]}
              onChange={(tag) => notes.filter({ tag })}
            />
          )}
        </div>
      </div>
      {shown.length === 0 ? (
        <p role="status" className="p-4 text-muted">
          {isSearch ? t('No note has all of these words.') : t('No note is here.')}
        </p>
      ) : (
        <VirtualList
          label={t('Notes')}
          count={shown.length}
          rowHeight={ROW}
          keyOf={(index) => shown[index]?.id ?? ''}
          row={(index, focus) => <Row note={shown[index]} hit={hits?.[index]} current={current} focus={focus} />}
          onNearEnd={more}
        />
      )}
    </>
  );
}

interface RowProps {
  readonly note: Note | undefined;
  readonly hit: NoteHit | undefined;
  readonly current: string;
  readonly focus: RowFocus;
}

function Row({ note, hit, current, focus }: RowProps) {
  const { place } = useHub();
  if (note === undefined) return null;
  const { path, title, boxes, updatedAt } = note;
  return (
    <button
      type="button"
      {...focus}
      aria-current={path === current}
      onClick={() => place.go(`notes/${path}`)}
      className="flex h-full w-full flex-col justify-center px-3 text-left hover:bg-hover aria-[current=true]:bg-chosen aria-[current=true]:text-chosen-ink hc:aria-[current=true]:border hc:aria-[current=true]:border-focus"
    >
      <span className="flex w-full items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate">{title}</span>
        {boxes.total === 0 ? null : (
          <span className="shrink-0 text-small tabular-nums opacity-80" title={t('Boxes that are done')}>
            {boxes.done}/{boxes.total}
          </span>
        )}
      </span>
      <span className="flex w-full items-baseline gap-2 text-small">
        <span className="min-w-0 flex-1 truncate opacity-80">{hit === undefined ? path : <Snippet hit={hit} />}</span>
        {hit === undefined && path !== current ? <RelativeTime at={updatedAt} /> : null}
      </span>
    </button>
  );
}

const Snippet = ({ hit }: { readonly hit: NoteHit }) =>
  hit.snippet.map(({ text, hit: isHit }, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in its order
    isHit ? <strong key={index}>{text}</strong> : <span key={index}>{text}</span>,
  );
