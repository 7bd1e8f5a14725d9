import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import { panelPipe } from '../../../webview/line/panelPipe.ts';

it('says that it is ready, opens when VS Code says so, and hears nothing after the end', () => {
  const posted: unknown[] = [];
  const listeners = new Set<(message: unknown) => void>();
  const heard: unknown[] = [];
  const pipe = panelPipe({
    post: (message) => void posted.push(message),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  })({
    onOpen: () => heard.push('open'),
    onFrame: (frame) => heard.push(frame),
    onClose: (end) => heard.push(end),
  });
  const say = (message: unknown) => {
    for (const listener of [...listeners]) listener(message);
  };
  deepEqual(posted, [{ ready: true }]);
  say(null);
  say({ line: 'open' });
  pipe.send({ id: 1, method: 'task/list', params: {} });
  say({ id: 1, result: {} });
  say({ line: 'closed', message: 'It ended.', hint: 'Wait.' });
  say({ line: 'open' });
  deepEqual(heard, [null, 'open', { id: 1, result: {} }, { message: 'It ended.', hint: 'Wait.', final: false }]);
  equal(posted.length, 2);
  equal(listeners.size, 0);
});
