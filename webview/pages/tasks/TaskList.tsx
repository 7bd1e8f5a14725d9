import { useCallback, useEffect, useMemo, useState } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PageHeader } from '../../components/PageHeader.tsx';
import { Problem } from '../../components/Problem.tsx';
import { VirtualList } from '../../components/VirtualList.tsx';
import { useHub, useLevels } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { plural, t } from '../../words.ts';
import { FilterBar } from './FilterBar.tsx';
import { MoreRow, TaskRow } from './TaskRow.tsx';
import { everything, isEverything, type TaskFilter } from './taskFilter.ts';
import { type TaskRow as Row, taskRows } from './taskRows.ts';
import { useFoundTasks } from './useFoundTasks.ts';

const ROW = 28;

/** The tasks as a tree, or those that fit what the person looks for. */
export function TaskList({ chosen }: { readonly chosen: string }) {
  const { place } = useHub();
  const [filter, setFilter] = useState(everything);
  const create = (
    <Button look={chosen === '' ? 'primary' : 'secondary'} onPress={() => place.go('tasks/new')}>
      {t('New task')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('Tasks')} detail={<Total />} actions={create} />
      <FilterBar filter={filter} onChange={setFilter} />
      {isEverything(filter) ? <Tree chosen={chosen} /> : <Found key={JSON.stringify(filter)} {...{ filter, chosen }} />}
    </>
  );
}

function Total() {
  const total = useLevels().get(null)?.total ?? 0;
  if (total === 0) return null;
  return plural('{0} task|{0} tasks', total);
}

function Tree({ chosen }: { readonly chosen: string }) {
  const { tasks } = useHub();
  const levels = useLevels();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => tasks.open(null), [tasks]);
  const rows = useMemo(() => taskRows(levels, open), [levels, open]);
  const turn = useCallback(
    (id: string, isOpen: boolean) => {
      if (isOpen) tasks.open(id);
      setOpen((before) => {
        const after = new Set(before);
        if (isOpen) after.add(id);
        else after.delete(id);
        return after;
      });
    },
    [tasks],
  );
  const more = useCallback(() => tasks.more(null), [tasks]);
  const level = levels.get(null);
  const again = <Button onPress={() => tasks.resync()}>{t('Try again')}</Button>;
  return (
    <>
      {level?.error === undefined ? null : <Problem error={level.error} actions={again} />}
      {rows.length > 0 ? (
        <VirtualList
          label={t('Tasks')}
          count={rows.length}
          rowHeight={ROW}
          keyOf={(index) => keyOf(rows[index])}
          row={(index, focus) => {
            const row = rows[index];
            if (row === undefined) return null;
            if (row.type === 'more') return <MoreRow {...{ focus, row }} onPress={() => tasks.more(row.parentId)} />;
            return <TaskRow {...{ focus, chosen, ...row }} onTurn={turn} />;
          }}
          onNearEnd={more}
        />
      ) : (
        <Nothing isLoading={level === undefined || level.loading} failed={level?.error !== undefined} />
      )}
    </>
  );
}

const keyOf = (row: Row | undefined): string => (row?.type === 'task' ? row.id : `more ${row?.parentId}`);

function Found({ filter, chosen }: { readonly filter: TaskFilter; readonly chosen: string }) {
  const { ids, loading, isWhole, error, more, again } = useFoundTasks(filter);
  return (
    <>
      <p role="status" className="shrink-0 px-4 py-1 text-muted">
        {loading ? t('Looking…') : plural('{0} task was found|{0} tasks were found', ids.length)}
        {loading || isWhole ? null : ` ${t('There may be older ones.')}`}
      </p>
      {error === undefined ? null : (
        <Problem error={error} actions={<Button onPress={again}>{t('Try again')}</Button>} />
      )}
      {ids.length > 0 ? (
        <VirtualList
          label={t('Tasks that were found')}
          count={ids.length}
          rowHeight={ROW}
          keyOf={(index) => ids[index] ?? ''}
          row={(index, focus) => <TaskRow {...{ focus, chosen }} id={ids[index] ?? ''} depth={0} isOpen={false} />}
          onNearEnd={more}
        />
      ) : loading || error !== undefined ? null : (
        <EmptyState icon="search" title={t('No task fits')}>
          {t('Look for other words, or show all tasks again.')}
        </EmptyState>
      )}
    </>
  );
}

function Nothing({ isLoading, failed }: { readonly isLoading: boolean; readonly failed: boolean }) {
  const { place } = useHub();
  if (failed) return null;
  if (isLoading)
    return (
      <div className="p-4">
        <Spinner label={t('Tasks are being loaded')} />
      </div>
    );
  const actions = <Button onPress={() => place.go('tasks/new')}>{t('New task')}</Button>;
  return (
    <EmptyState icon="tasks" title={t('No tasks yet')} actions={actions}>
      {t(
        'A task is what you ask for in plain words: a change, an answer, a plan. A model on this machine works on it, and nothing on disk changes before you accept it.',
      )}
    </EmptyState>
  );
}
