import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { accountsOf } from '../../../cli/windows/accounts.ts';
import { tempFolder } from '../../support/temp.ts';

it('names what the keyring may know of us, and nothing else', () => {
  using temp = tempFolder('accounts');
  assert.deepEqual(accountsOf(join(temp.path, 'none')), ['models']);
  mkdirSync(join(temp.path, 'workspaces', '0792f05abeb6c390'), { recursive: true });
  writeFileSync(join(temp.path, 'keys.json'), '{ "format": "ospain2 keys 1", "name": "00112233aabbccdd" }');
  assert.deepEqual(accountsOf(temp.path), ['0792f05abeb6c390', 'models', 'root-00112233aabbccdd']);
});
