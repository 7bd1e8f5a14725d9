import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEnvironment, sandboxEnvironment, searchPath } from '../../../server/commands/environment.ts';

const env = {
  PATH: '/home/ada/.nvm/bin:.:bin::/usr/bin',
  LANG: 'de_AT.UTF-8',
  JAVA_HOME: '/opt/java',
  API_TOKEN: 'secret',
  NODE_OPTIONS: '--require /evil.js',
  LD_PRELOAD: '/evil.so',
  BASH_ENV: '/evil.sh',
  GIT_SSH_COMMAND: 'evil',
  npm_config_registry: 'https://token@example.com',
  SSH_AUTH_SOCK: '/run/ssh',
};

test('a sandbox is told a language, where toolchains lie, and nothing else of the server’s', () => {
  const told = sandboxEnvironment(env, '/home/ada');
  assert.equal(told['LANG'], 'de_AT.UTF-8');
  assert.equal(told['JAVA_HOME'], '/opt/java');
  assert.equal(told['HOME'], '/home/ada');
  for (const name of [
    'API_TOKEN',
    'NODE_OPTIONS',
    'LD_PRELOAD',
    'BASH_ENV',
    'GIT_SSH_COMMAND',
    'SSH_AUTH_SOCK',
    'npm_config_registry',
  ])
    assert.equal(told[name], undefined, name);
});

test('programs are found in folders with a place of their own only, the system’s among them', () => {
  assert.deepEqual(searchPath(env).slice(0, 2), ['/home/ada/.nvm/bin', '/usr/bin']);
  assert.ok(searchPath({}).includes('/usr/bin'));
  assert.ok(searchPath(env).every((folder) => folder.startsWith('/')));
});

test('nobody is asked, with and without a sandbox', () => {
  for (const told of [sandboxEnvironment(env, '/home/ada'), openEnvironment(env)]) {
    assert.equal(told['CI'], '1');
    assert.equal(told['GIT_TERMINAL_PROMPT'], '0');
  }
  assert.equal(openEnvironment(env)['API_TOKEN'], 'secret');
});
