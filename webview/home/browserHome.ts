import { socketPipe } from '../line/socketPipe.ts';
import { followTheme } from '../theme/browserTheme.ts';
import type { Home } from './home.ts';

/** A page of the server's, below `/hub/`: the place is the address's own fragment. */
export function browserHome(): Home {
  followTheme();
  const line = new URL('line', new URL('./', location.href));
  line.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  line.search = '';
  line.hash = '';
  return {
    kind: 'browser',
    openPipe: socketPipe(line),
    place: placeIn(location.hash),
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
