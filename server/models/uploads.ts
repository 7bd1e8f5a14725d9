import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { OspainError, type ParsedParams, type Upload } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import { syncFile } from '../storage/sync.ts';
import { transact } from '../storage/transaction.ts';
import { assertFileName } from './download/fileName.ts';
import { assertRoom } from './fileHash.ts';
import type { Added, Imports } from './imports.ts';
import type { ModelFolder } from './modelFolder.ts';

/** Files that come in piece by piece: whoever receives the bytes appends them to the path of the upload. */
export interface Uploads {
  start(asked: ParsedParams<'upload/start'>): Promise<Upload>;
  /** Throws `not_found` for one that was finished, cancelled, or expired. */
  show(id: string): Upload;
  /** Makes it a version. Rejects with `wrong_state` before all of it is there. */
  finish(id: string, signal: AbortSignal): Promise<Added>;
  cancel(id: string): void;
  /** Whether a folder of what comes in belongs to one that may still go on. */
  expects(name: string): boolean;
}

/** How long a half upload waits for its next byte. Milliseconds. */
const PATIENCE = 24 * 3_600_000;
const PREFIX = 'upload-';

interface UploadDeps {
  db: Db;
  folder: ModelFolder;
  imports: Imports;
  now: () => number;
}

export function createUploads({ db, folder, imports, now }: UploadDeps): Uploads {
  const insert = db.prepare('INSERT INTO uploads (id, asked, created_at) VALUES (?, ?, ?)');
  const select = db.prepare<[string], { asked: string }>('SELECT asked FROM uploads WHERE id = ?');
  const all = db.prepare<[], { id: string }>('SELECT id FROM uploads');
  const remove = db.prepare('DELETE FROM uploads WHERE id = ?');
  const folderOf = (id: string) => join(folder.incoming, `${PREFIX}${id}`);
  const fileOf = (id: string, { fileName }: ParsedParams<'upload/start'>) =>
    join(folderOf(id), `file${extname(fileName ?? '')}`);
  /** Being taken into the store by this process. */
  const finishing = new Set<string>();

  const forget = (id: string) => {
    transact(db, () => remove.run(id));
    rmSync(folderOf(id), { recursive: true, force: true });
  };

  const find = (id: string): { asked: ParsedParams<'upload/start'>; upload: Upload } => {
    const row = guarded(() => select.get(id));
    const asked = row && (JSON.parse(row.asked) as ParsedParams<'upload/start'>);
    const stats = asked && statSync(fileOf(id, asked), { throwIfNoEntry: false });
    if (asked === undefined || stats === undefined || stats.mtimeMs + PATIENCE < now())
      throw new OspainError('not_found', 'There is no such upload; a half one waits for a day.', {
        hint: 'Start it again.',
      });
    const { name, version, bytes } = asked;
    const path = fileOf(id, asked);
    const expiresAt = Math.round(stats.mtimeMs + PATIENCE);
    return { asked, upload: { id, name, version, path, received: stats.size, bytes, expiresAt } };
  };

  const isThere = (id: string): boolean => {
    try {
      return find(id) !== undefined;
    } catch (thrown) {
      if (OspainError.from(thrown).code === 'not_found') return false;
      throw thrown;
    }
  };

  return {
    async start(asked) {
      if (asked.fileName !== undefined) assertFileName(basename(asked.fileName));
      await assertRoom(folder.incoming, asked.bytes);
      for (const { id } of all.all()) if (!isThere(id)) forget(id);
      const id = randomUUID();
      guarded(() => {
        mkdirSync(folderOf(id), { mode: 0o700 });
        closeSync(openSync(fileOf(id, asked), 'wx', 0o600));
      });
      transact(db, () => insert.run(id, JSON.stringify(asked), now()));
      return find(id).upload;
    },
    show: (id) => find(id).upload,
    async finish(id, signal) {
      const { asked, upload } = find(id);
      if (upload.received < upload.bytes || finishing.has(id)) {
        const what = finishing.has(id) ? 'is being finished' : `has ${upload.received} of ${upload.bytes} bytes`;
        throw new OspainError('wrong_state', `The upload ${what}.`, { hint: 'Send the rest of the file first.' });
      }
      finishing.add(id);
      try {
        if (upload.received > upload.bytes) throw tooLong(upload);
        guarded(() => syncFile(upload.path));
        const { name, version, alias, sha256, fileName = `${name}.gguf` } = asked;
        const { path } = upload;
        const files = [{ path, name: basename(fileName) }];
        const added = await imports.run({ path, files, name, version, alias, sha256, how: 'move', signal });
        forget(id);
        return added;
      } catch (thrown) {
        // More bytes cannot make it right, so it does not wait for them.
        const { code } = OspainError.from(thrown);
        if (code === 'content_differs' || code === 'model_unreadable') forget(id);
        throw thrown;
      } finally {
        finishing.delete(id);
      }
    },
    cancel(id) {
      find(id);
      forget(id);
    },
    expects: (name) => name.startsWith(PREFIX) && isThere(name.slice(PREFIX.length)),
  };
}

const tooLong = ({ received, bytes }: Upload): OspainError =>
  new OspainError('content_differs', `The upload has ${received} bytes instead of ${bytes}.`, {
    hint: 'Start it again.',
  });
