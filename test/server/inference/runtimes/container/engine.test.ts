import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineError, findEngine } from '../../../../../server/inference/runtimes/container/engine.ts';

/** Sockets that are there, of which some are this user's. */
const look = (there: readonly string[], usable: readonly string[] = there) => ({
  exists: (path: string) => there.includes(path),
  access(path: string) {
    if (!usable.includes(path)) throw Object.assign(new Error('denied'), { code: 'EACCES' });
  },
});
const env = { HOME: '/home/a', XDG_RUNTIME_DIR: '/run/user/7' };
const SYSTEM = '/var/run/docker.sock';
const PODMAN = '/run/user/7/podman/podman.sock';

test('the engine is the one that DOCKER_HOST names, else the first socket that this user may use', () => {
  const named = { ...env, DOCKER_HOST: 'unix:///mine.sock' };
  assert.equal(findEngine(named, 'linux', look(['/mine.sock', SYSTEM])), '/mine.sock');
  assert.equal(findEngine(env, 'linux', look([PODMAN, SYSTEM])), SYSTEM);
  assert.equal(findEngine(env, 'linux', look([SYSTEM, PODMAN], [PODMAN])), PODMAN);
  assert.equal(findEngine(env, 'darwin', look(['/home/a/.docker/run/docker.sock'])), '/home/a/.docker/run/docker.sock');
  assert.equal(findEngine({}, 'win32', look([])), '//./pipe/docker_engine');
  assert.equal(findEngine({ DOCKER_HOST: 'npipe:////./pipe/mine' }, 'win32', look([])), '//./pipe/mine');
});

test('where there is none, or none that may be used, or one elsewhere, each is said', () => {
  assert.throws(() => findEngine(env, 'linux', look([])), { code: 'containers_missing', message: /podman\.sock/ });
  const denied = { code: 'containers_denied', message: new RegExp(SYSTEM), hint: /without root/ };
  assert.throws(() => findEngine(env, 'linux', look([SYSTEM], [])), denied);
  for (const host of ['tcp://10.0.0.1:2375', 'ssh://a@b', '127.0.0.1:2375'])
    assert.throws(() => findEngine({ ...env, DOCKER_HOST: host }, 'linux', look([SYSTEM])), {
      code: 'containers_missing',
      message: /another machine/,
    });
});

test('what the system says of a request has one name each', () => {
  const codeFor = (code: string) => engineError(Object.assign(new Error('x'), { code }), '/s').code;
  assert.deepEqual(['ENOENT', 'ECONNREFUSED', 'EACCES', 'ECONNRESET', 'EPIPE', 'E2BIG'].map(codeFor), [
    'containers_missing',
    'containers_missing',
    'containers_denied',
    'containers_lost',
    'containers_lost',
    'worker_failed',
  ]);
  const refused = engineError(new Error('(HTTP code 500) server error - no space left on device '), '/s');
  assert.equal(refused.message, 'The container engine refused: no space left on device.');
});
