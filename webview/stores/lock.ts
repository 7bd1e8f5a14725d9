import { useEffect, useState } from 'react';
import type { KeyState } from '../../protocol/keys.ts';
import { useHub } from './hub.ts';
import { useLineState } from './lineState.ts';

/** Whether the server has the root secret; `open` until it says otherwise. */
export function useLock(): KeyState {
  const { client } = useHub();
  const [state, setState] = useState<KeyState>('open');
  const { name } = useLineState();
  useEffect(() => client.on('keys/didChange', (told) => setState(told.state)), [client]);
  useEffect(() => {
    if (name !== 'open') return;
    client.request('keys/status', {}).then(
      ({ status }) => setState(status.state),
      // A line that broke is told of elsewhere.
      () => {},
    );
  }, [client, name]);
  return state;
}
