import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { createRunKey, windowlessProgram } from '../../../cli/service/runKey.ts';
import { type Service, serviceId } from '../../../cli/service/service.ts';
import type { Registry } from '../../../cli/windows/registry.ts';
import { REG_SZ, type RegistryValue, textOf, textValue } from '../../../cli/windows/registryFile.ts';
import { tempFolder } from '../../support/temp.ts';

const RUN = 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run';

/** One key, with the value of another program in it. `npm run test:windows` has the real one. */
function openRegistry() {
  const values = new Map([['Another', textValue(REG_SZ, 'C:\\another.exe --workspace x')]]);
  const registry: Registry = {
    read: async (key) => (key === RUN ? new Map(values) : new Map<string, RegistryValue>()),
    async write(_key, name, value) {
      if (value === null) values.delete(name);
      else values.set(name, value);
    },
  };
  return { registry, values };
}

const workspace = 'D:\\Größe 100% x\\';
const service: Service = {
  id: serviceId(workspace),
  workspace,
  command: ['C:\\Program Files\\ospain2w.exe', '--workspace', workspace, 'serve', '--no-api'],
  env: { PATH: 'C:\\' },
};

it('is a value of the Run key, and leaves the others alone', async () => {
  const { registry, values } = openRegistry();
  const manager = createRunKey(registry, { OSPAIN2_DATA_DIR: 'E:\\', PATH: 'C:\\' });
  assert.deepEqual(manager.forgets, ['OSPAIN2_DATA_DIR']);
  const where = `${RUN}\\OSPAiN2 ${service.id}`;
  assert.deepEqual(await manager.install(service), { where, changed: true });
  assert.deepEqual(await manager.install(service), { where, changed: false });
  assert.equal(
    textOf(values.get(`OSPAiN2 ${service.id}`) ?? textValue(REG_SZ, '')),
    '"C:\\Program Files\\ospain2w.exe" --workspace "D:\\Größe 100% x\\\\" serve --no-api',
  );
  assert.deepEqual(await manager.list(), [{ id: service.id, workspace, where }]);
  for (const written of await manager.list()) await manager.remove(written);
  assert.deepEqual([...values.keys()], ['Another']);
});

it('refuses a command that Windows would cut', async () => {
  const { registry, values } = openRegistry();
  const long = { ...service, command: [...service.command, 'x'.repeat(250)] };
  await assert.rejects(createRunKey(registry, {}).install(long), {
    code: 'invalid_params',
    message: /no more|more than 260/,
  });
  assert.equal(values.size, 1);
});

it('finds the program without a window where Setup put it', () => {
  using temp = tempFolder('run');
  const cli = join(temp.path, 'app', 'dist', 'cli.js');
  assert.equal(windowlessProgram(cli), undefined);
  writeFileSync(join(temp.path, 'ospain2w.exe'), '');
  assert.equal(windowlessProgram(cli), join(temp.path, 'ospain2w.exe'));
});
