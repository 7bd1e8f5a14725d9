import { createBrowserSession } from '../line/browserSession.ts';
import { socketPipe } from '../line/socketPipe.ts';
import { followTheme } from '../theme/browserTheme.ts';
import type { Home } from './home.ts';

/** A page of the server's, below `/hub/`: the place is the address's own fragment. */
export function browserHome(): Home {
  followTheme();
  const session = createBrowserSession({
    location,
    memory: localStorage,
    fetch: (...asked) => fetch(...asked),
    forgetFragment: () => history.replaceState(null, '', location.pathname),
    // What a page holds is of one workspace.
    onOtherWorkspace: () => location.reload(),
  });
  const line = new URL('line', new URL('./', location.href));
  line.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  line.search = '';
  line.hash = '';
  return {
    kind: 'browser',
    session,
    openPipe: socketPipe({ session, connect: (protocols) => new WebSocket(line, protocols) }),
    // Read when asked: a person may go on while the offline copy is being opened.
    get place() {
      return placeIn(location.hash);
    },
    keepPlace(place) {
      if (placeIn(location.hash) !== place) history.pushState(null, '', `#/${place}`);
    },
    onPlace(listener) {
      window.addEventListener('popstate', () => listener(placeIn(location.hash)));
      window.addEventListener('hashchange', () => listener(placeIn(location.hash)));
    },
    run: undefined,
    openOutside: (address) => void window.open(address, '_blank', 'noopener,noreferrer'),
  };
}

const placeIn = (hash: string): string => decodeURI(hash.replace(/^#\/?/, ''));
