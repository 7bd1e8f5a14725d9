import { useEffect, useState, useSyncExternalStore } from 'react';
import { useHub } from '../../stores/hub.ts';
import { useLineState } from '../../stores/lineState.ts';
import { createLiveLog, type LiveLog, type LiveView } from './liveLog.ts';
import { throttled } from './throttle.ts';

/** Milliseconds between two pictures of a stream: quicker than anybody reads. */
const PICTURE_MS = 200;

const nothing: LiveView = { blocks: [], state: 'loading', problem: undefined };
const never = () => () => {};

/** What happens in a task, while a component shows it. */
export function useLiveLog(taskId: string): LiveView & Pick<LiveLog, 'catchUp'> {
  const { client } = useHub();
  const { name } = useLineState();
  const [log, setLog] = useState<LiveLog>();
  useEffect(() => {
    const fresh = createLiveLog({ client, taskId, throttled: (run) => throttled(run, PICTURE_MS) });
    setLog(fresh);
    return () => fresh.dispose();
  }, [client, taskId]);
  useEffect(() => {
    if (name === 'open') log?.catchUp();
  }, [log, name]);
  const view = useSyncExternalStore(log?.subscribe ?? never, () => log?.view() ?? nothing);
  return { ...view, catchUp: log?.catchUp ?? (() => {}) };
}
