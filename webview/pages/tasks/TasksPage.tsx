import { lazy, Suspense } from 'react';
import { useHub } from '../../stores/hub.ts';
import { Spinner } from '../../ui/Spinner.tsx';
import { t } from '../../words.ts';
import { TaskList } from './TaskList.tsx';

const TaskDetail = lazy(() => import('./TaskDetail.tsx'));
const NewTask = lazy(() => import('./NewTask.tsx'));

/** All tasks, and beside them the one that was chosen; where there is no room for both, one of them. */
export default function TasksPage({ rest }: { readonly rest: string }) {
  const { place } = useHub();
  const [chosen = '', view = ''] = rest.split('/');
  const leave = () => place.go('tasks');
  if (chosen === '') return <TaskList chosen="" />;
  return (
    <div className="flex min-h-0 flex-1">
      <div className="hidden min-h-0 w-96 shrink-0 flex-col border-edge border-r wide:flex">
        <TaskList chosen={chosen} />
      </div>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <h1 className="sr-only wide:hidden">{t('Tasks')}</h1>
        <Suspense fallback={<Loading />}>
          {chosen === 'new' ? (
            <NewTask onLeave={leave} />
          ) : (
            <TaskDetail key={chosen} taskRef={chosen} view={view} onLeave={leave} />
          )}
        </Suspense>
      </div>
    </div>
  );
}

const Loading = () => (
  <div className="p-4">
    <Spinner label={t('The task is being loaded')} />
  </div>
);
