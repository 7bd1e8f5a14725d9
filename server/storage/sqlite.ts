import type Sqlite from 'better-sqlite3';
import { OspainError } from '../../protocol/index.ts';
import { assertSupportedNode } from './node.ts';

/** The database addon. Its import stays dynamic, so that nothing native is loaded before Node is known to bear it. */
export async function loadSqlite(): Promise<typeof Sqlite> {
  assertSupportedNode();
  try {
    return (await import('better-sqlite3')).default;
  } catch (cause) {
    throw new OspainError('storage_failed', 'The database addon could not be loaded.', {
      hint: 'On Linux it needs glibc 2.34 or newer (Debian 12, Ubuntu 22.04); else install OSPAiN2 again.',
      cause,
    });
  }
}
