import { useCallback, useEffect } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PageHeader } from '../../components/PageHeader.tsx';
import { Problem } from '../../components/Problem.tsx';
import { VirtualList } from '../../components/VirtualList.tsx';
import { useHub, useLevel } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { plural, t } from '../../words.ts';
import { TaskRow } from './TaskRow.tsx';

const ROW = 28;

/** All tasks, newest first. */
export default function TasksPage() {
  const { tasks } = useHub();
  useEffect(() => tasks.open(null), [tasks]);
  const level = useLevel(null);
  const more = useCallback(() => tasks.more(null), [tasks]);
  const ids = level?.ids ?? [];
  return (
    <>
      <PageHeader
        title={t('Tasks')}
        detail={level === undefined || level.total === 0 ? null : countText(level.total)}
      />
      {level?.error === undefined ? null : (
        <Problem error={level.error} actions={<Button onPress={() => tasks.resync()}>{t('Try again')}</Button>} />
      )}
      {ids.length > 0 ? (
        <VirtualList
          label={t('Tasks')}
          count={ids.length}
          rowHeight={ROW}
          keyOf={(index) => ids[index] ?? ''}
          row={(index, focus) => <TaskRow id={ids[index] ?? ''} focus={focus} />}
          onNearEnd={more}
        />
      ) : (
        <Nothing isLoading={level === undefined || level.loading} failed={level?.error !== undefined} />
      )}
    </>
  );
}

const countText = (total: number): string => plural('{0} task|{0} tasks', total);

function Nothing({ isLoading, failed }: { readonly isLoading: boolean; readonly failed: boolean }) {
  if (failed) return null;
  if (isLoading)
    return (
      <div className="p-4">
        <Spinner label={t('Tasks are being loaded')} />
      </div>
    );
  return (
    <EmptyState icon="tasks" title={t('No tasks yet')}>
      {t(
        'A task is what you ask for in plain words: a change, an answer, a plan. A model on this machine works on it, and nothing on disk changes before you accept it.',
      )}
    </EmptyState>
  );
}
