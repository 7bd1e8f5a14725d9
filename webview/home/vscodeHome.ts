import type { ToPanel } from '../../protocol/hubPanel.ts';
import { panelPipe } from '../line/panelPipe.ts';
import type { Home } from './home.ts';

/** What VS Code gives to the script of a webview, once. */
export interface VscodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** A webview of VS Code: it is made anew whenever it comes into sight, so that the place is kept with VS Code. */
export function vscodeHome(api: VscodeApi): Home {
  const post = (message: ToPanel) => api.postMessage(message);
  return {
    kind: 'vscode',
    session: undefined,
    openPipe: panelPipe({
      post: (message) => api.postMessage(message),
      listen(heard) {
        const listener = ({ data }: MessageEvent) => heard(data);
        window.addEventListener('message', listener);
        return () => window.removeEventListener('message', listener);
      },
    }),
    place: placeOf(api.getState()),
    keepPlace: (place) => api.setState({ place }),
    onPlace: () => {},
    run: (command, ...args) => post({ command, args }),
    openOutside: (address) => post({ open: address }),
  };
}

function placeOf(state: unknown): string {
  if (typeof state !== 'object' || state === null || !('place' in state)) return '';
  return typeof state.place === 'string' ? state.place : '';
}
