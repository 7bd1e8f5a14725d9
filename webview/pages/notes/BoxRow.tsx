import type { Item } from '../../../protocol/items.ts';
import type { NoteBox } from '../../../protocol/notes.ts';
import { TaskStatus, taskStatusWord } from '../../components/TaskStatus.tsx';
import { useHub, useTask } from '../../stores/hub.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Link } from '../../ui/Link.tsx';
import { t } from '../../words.ts';

interface BoxRowProps {
  readonly box: NoteBox;
  readonly item: Item | undefined;
  readonly onTick: () => void;
  readonly onPlan: () => void;
}

/** A box, to tick, with the item that it became and that item's newest task. */
export function BoxRow({ box, item, onTick, onPlan }: BoxRowProps) {
  const { place } = useHub();
  const words = box.text === '' ? t('a box without words') : box.text;
  return (
    <li className="flex items-start gap-1.5">
      {/* biome-ignore lint/a11y/useSemanticElements: drawn as the boxes of read notes are */}
      <button
        type="button"
        role="checkbox"
        aria-checked={box.done}
        aria-label={words}
        onClick={onTick}
        className="mt-px inline-flex size-6 shrink-0 items-center justify-center rounded-[5px] hover:bg-hover"
      >
        <Icon name={box.done ? 'done' : 'circle'} className={box.done ? 'text-good' : 'text-muted'} />
      </button>
      <div className="min-w-0 flex-1 pt-0.5">
        <p className={`break-words ${box.done ? 'text-muted line-through' : ''}`}>{words}</p>
        {item === undefined ? (
          box.done ? null : (
            <span className="text-small">
              <Link onPress={onPlan}>{t('Make an item of this')}</Link>
            </span>
          )
        ) : (
          <p className="flex flex-wrap items-center gap-x-2 text-small">
            <Link onPress={() => place.go(`plan/horizons/item/${item.number}`)}>{t('item {0}', item.number)}</Link>
            <span className="text-muted">{item.doneAt === null ? item.horizon : t('done')}</span>
            <NewestTask item={item} />
          </p>
        )}
      </div>
    </li>
  );
}

function NewestTask({ item }: { readonly item: Item }) {
  const { place } = useHub();
  const newest = item.tasks.at(-1);
  const task = useTask(newest?.id ?? '');
  if (newest === undefined) return null;
  return (
    <span className="inline-flex items-center gap-1">
      {task === undefined ? null : <TaskStatus task={task} />}
      <Link onPress={() => place.go(`tasks/${newest.number}`)}>{t('task {0}', newest.number)}</Link>
      <span className="text-muted">{task === undefined ? newest.status : taskStatusWord(task)}</span>
    </span>
  );
}
