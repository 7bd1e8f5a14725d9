import type { Result } from '../../protocol/index.ts';
import { codeOf, storageError } from '../storage/storageErrors.ts';
import { type Hashing, hashFile } from './fileHash.ts';
import { checkModelFile } from './modelFile.ts';
import type { Registry } from './registry.ts';

type Found = Result<'model/verify'>['files'][number]['found'];

/** Reads every file of a version again; what is wrong is its problem from then on, and a problem that was this one ends. */
export async function verifyModel(
  registry: Registry,
  ref: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress(done: number, total: number): void },
): Promise<Result<'model/verify'>> {
  const row = registry.find(ref);
  const { files } = registry.describe(row);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const onBytes = (bytes: number) => {
    done += bytes;
    onProgress(done, total);
  };
  const checked: Result<'model/verify'>['files'] = [];
  for (const file of files) checked.push({ ...file, found: await look(file, { signal, onBytes }) });
  const wrong = checked.filter(({ found }) => found !== 'whole');
  if (wrong.length > 0) {
    const what = wrong.map(({ name, found }) => `${name} is ${found}`).join(', ');
    registry.setProblem(row.name, row.version, {
      fingerprint: stateOf(checked[0]?.path ?? ''),
      reason: `Its files are not as they were imported: ${what}.`,
      damaged: true,
    });
  } else if (row.problem?.damaged === true) registry.setProblem(row.name, row.version, null);
  return { model: registry.describe(row).model, files: checked };
}

async function look(file: { path: string; bytes: number; sha256: string | null }, hashing: Hashing): Promise<Found> {
  try {
    const { sha256, bytes } = await hashFile(file.path, hashing);
    return bytes === file.bytes && (file.sha256 === null || sha256 === file.sha256) ? 'whole' : 'damaged';
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return 'missing';
    if (codeOf(thrown) === 'EIO') return 'damaged';
    throw storageError(thrown);
  }
}

/** The state in which the pool would find the file. */
function stateOf(path: string): string {
  try {
    return checkModelFile(path);
  } catch {
    return 'unreadable';
  }
}
