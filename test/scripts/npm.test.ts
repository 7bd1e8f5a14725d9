import { deepEqual } from 'node:assert/strict';
import { it } from 'node:test';
import { withoutNpm } from '../../scripts/npm.mjs';

it('forgets the outer npm run and keeps what a person set', () => {
  const kept = {
    PATH: '/bin',
    npm_config_registry: 'http://localhost/',
    npm_config_cache: '/c',
    npm_execpath: '/npm-cli.js',
  };
  const outer = {
    npm_package_name: 'ospain2',
    npm_lifecycle_event: 'test',
    npm_command: 'run-script',
    npm_config_local_prefix: '/repository',
    npm_config_prefix: '/usr',
    npm_config_omit: 'dev',
    INIT_CWD: '/repository',
  };
  deepEqual(withoutNpm({ ...kept, ...outer }), kept);
});
