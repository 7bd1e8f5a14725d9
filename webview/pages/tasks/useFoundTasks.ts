import { useEffect, useState, useSyncExternalStore } from 'react';
import { useHub } from '../../stores/hub.ts';
import { useLineState } from '../../stores/lineState.ts';
import { createFoundTasks, type FoundTasks, type FoundView } from './foundTasks.ts';
import type { TaskFilter } from './taskFilter.ts';

const nothing: FoundView = { ids: [], loading: true, isWhole: false, error: undefined };
const never = () => () => {};

/** Tasks that fit a filter, while a component shows them; it is made anew for another filter. */
export function useFoundTasks(filter: TaskFilter): FoundView & Pick<FoundTasks, 'more' | 'again'> {
  const { client, tasks } = useHub();
  const { name } = useLineState();
  const [found, setFound] = useState<FoundTasks>();
  // A line that comes back has missed what changed meanwhile.
  useEffect(() => {
    if (name !== 'open') return;
    const fresh = createFoundTasks({ client, filter, put: tasks.put });
    setFound(fresh);
    return () => fresh.dispose();
  }, [client, tasks, filter, name]);
  const view = useSyncExternalStore(found?.subscribe ?? never, () => found?.view() ?? nothing);
  return { ...view, more: found?.more ?? (() => {}), again: found?.again ?? (() => {}) };
}
