import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OspainError } from '../../protocol/index.ts';
import { runProgram } from '../service/runProgram.ts';
import { parseRegistryFile, type RegistryValue, registryFile } from './registryFile.ts';

/** Values of one key of the registry. */
export interface Registry {
  /** Empty where there is no such key. */
  read(key: string): Promise<Map<string, RegistryValue>>;
  /** Sets a value; null takes it away. */
  write(key: string, name: string, value: RegistryValue | null): Promise<void>;
}

/** The registry, by way of `reg.exe`: there is no other program that every Windows has, and that an administrator seldom forbids. */
export function createRegistry(env: NodeJS.ProcessEnv): Registry {
  const program = join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'reg.exe');
  const reg = (...args: string[]) => runProgram(program, args, env);
  return {
    async read(key) {
      using file = temporaryFile();
      if ((await reg('export', key, file.path, '/y')) === 0)
        return parseRegistryFile(readFileSync(file.path)).get(key.toLowerCase()) ?? new Map();
      if ((await reg('query', key)) !== 0) return new Map();
      throw new OspainError('storage_failed', `The key ${key} of the registry cannot be read.`, {
        hint: 'An administrator may have forbidden reg.exe.',
      });
    },
    async write(key, name, value) {
      using file = temporaryFile();
      writeFileSync(file.path, registryFile(key, name, value));
      if ((await reg('import', file.path)) === 0) return;
      throw new OspainError('storage_failed', `The value ${name} of ${key} cannot be written to the registry.`, {
        hint: 'An administrator may have forbidden reg.exe.',
      });
    },
  };
}

function temporaryFile(): Disposable & { path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'ospain2-reg-'));
  return { path: join(folder, 'values.reg'), [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
