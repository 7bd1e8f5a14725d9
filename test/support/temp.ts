import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of the test's own; `using` removes it. */
export function tempFolder(name: string): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), `ospain2-${name}-`));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A copy of the sample workspace. */
export function sampleWorkspace(): Disposable & { path: string } {
  const folder = tempFolder('sample');
  cpSync(new URL('../../media/sample', import.meta.url), folder.path, { recursive: true });
  return folder;
}
