import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '../protocol/client.ts';
import { App } from './App.tsx';
import { browserHome } from './home/browserHome.ts';
import { type VscodeApi, vscodeHome } from './home/vscodeHome.ts';
import { createLine } from './line/line.ts';
import { createDraftKeeper } from './stores/draftKeeper.ts';
import { HubContext } from './stores/hub.ts';
import { createItemsStore } from './stores/items.ts';
import { createNotesStore } from './stores/notes.ts';
import { createPlaceStore } from './stores/place.ts';
import { createSuggestionsStore } from './stores/suggestions.ts';
import { createTasksStore } from './stores/tasks.ts';
import { createToastsStore } from './stores/toasts.ts';
import { loadWords } from './words.ts';

declare global {
  /** There in webviews of VS Code only. */
  var acquireVsCodeApi: (() => VscodeApi) | undefined;
}

const api = globalThis.acquireVsCodeApi?.();
const home = api === undefined ? browserHome() : vscodeHome(api);
const line = createLine({
  open: home.openPipe,
  delay(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
});
// VS Code has no need of it.
const offline = home.session && (await (await import('./offline/openOffline.ts')).openOfflineOf(home.session, line));
const client = createClient(offline?.carrier ?? line);
const place = createPlaceStore({
  first: home.place,
  keep: (next) => home.keepPlace(next),
  onPlace: (listener) => home.onPlace(listener),
});
const toasts = createToastsStore((ms, callback) => void setTimeout(callback, ms));
const suggestions = createSuggestionsStore({ client, newId: () => crypto.randomUUID() });
const soon = (callback: () => void) => void requestAnimationFrame(callback);
const tasks = createTasksStore({ client, soon });
const items = createItemsStore({
  client,
  soon,
  newId: () => crypto.randomUUID(),
  now: Date.now,
  onRefusal: toasts.fail,
});
const notes = createNotesStore({
  client,
  keeper: createDraftKeeper(() => localStorage),
  later(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  onMoved(from, to) {
    if (place.getState().place === `notes/${from}`) place.go(`notes/${to}`);
  },
});
// A page that is hidden may not come back: VS Code takes hidden panels down.
addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && notes.flush());
const resync = () => {
  tasks.resync();
  suggestions.resync();
  items.resync();
  notes.resync();
};
client.on('keys/didChange', ({ state }) => {
  if (state === 'open') resync();
});
let wasAway = false;
line.onDidChangeState(({ name }) => {
  // What was missed while the line was away is asked for.
  if (name === 'open' && wasAway) resync();
  if (name !== 'opening') wasAway = name !== 'open';
});

document.documentElement.lang = await loadWords(api === undefined ? navigator.language : document.documentElement.lang);
const root = document.getElementById('hub');
if (root === null) throw new Error('the page has no place for the hub');
createRoot(root).render(
  <StrictMode>
    <HubContext value={{ home, line, offline, client, place, tasks, items, notes, suggestions, toasts }}>
      <App />
    </HubContext>
  </StrictMode>,
);
