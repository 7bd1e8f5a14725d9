import { rmSync } from 'node:fs';
import { OspainError } from '../../protocol/index.ts';
import { type Db, openDatabase } from '../storage/database.ts';
import { indexMigrations } from './schema.ts';

/** Opens the index, or a new one where there is none that can be read: one that is damaged, or of a key that is gone. */
export async function openIndex(options: { file: string; key: string }): Promise<Db> {
  const open = () => openDatabase({ ...options, migrations: indexMigrations, synchronous: 'NORMAL' });
  try {
    return await open();
  } catch (thrown) {
    if (!UNREADABLE.has(OspainError.from(thrown).code)) throw thrown;
    for (const end of ['', '-wal', '-shm']) rmSync(`${options.file}${end}`, { force: true });
    return open();
  }
}

const UNREADABLE: ReadonlySet<string> = new Set(['key_wrong', 'storage_corrupt']);
