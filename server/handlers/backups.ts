import type { Item, Schedule, Task } from '../../protocol/index.ts';
import type { Proposals } from '../agents/proposals.ts';
import type { Actors } from '../audit/actors.ts';
import { createAuditLog, type RecordAudit } from '../audit/auditLog.ts';
import type { Handlers } from '../dispatch.ts';
import { createBackup } from '../storage/backup.ts';
import type { Db } from '../storage/database.ts';
import type { DataFolder } from '../storage/dataFolder.ts';
import { whileReplacing, whileRestoring } from '../storage/handover.ts';
import { writeLines } from '../storage/lineFile.ts';
import { prepareReplacement } from '../storage/replacement.ts';
import { swapDatabase } from '../storage/swap.ts';
import type { Queue } from '../tasks/queue.ts';

/** What an export is made of. */
interface Sources {
  queue: Pick<Queue, 'list' | 'get' | 'events'>;
  proposals: Pick<Proposals, 'find'>;
  schedules: { list(): Schedule[] };
  items: { all(): Item[] };
}

interface BackupDeps extends Sources {
  db: Db;
  /** The key of the database. */
  key: string;
  audit: RecordAudit;
}

export function createBackupHandlers(deps: BackupDeps): Pick<Handlers, 'backup/create' | 'backup/export'> {
  const { db, key, audit } = deps;
  return {
    'backup/create': async ({ path }) => {
      const backup = await createBackup({ db, key, path });
      audit({ type: 'backup.created', subject: path, details: { tasks: backup.tasks } });
      return backup;
    },
    'backup/export': async ({ path }) => {
      let tasks = 0;
      const written = await writeLines(
        path,
        everything(deps, () => {
          tasks += 1;
        }),
      );
      audit({ type: 'backup.exported', subject: path, details: { tasks } });
      return { ...written, tasks };
    },
  };
}

interface RestoreDeps {
  location: DataFolder;
  /** Finds the key of the database, or of a copy of one. Rejects where no key opens it. */
  keyOf(file?: string): Promise<string>;
  actors: Pick<Actors, 'current'>;
  now: () => number;
  /** Runs while this server has the database closed, and then opens it anew. */
  whileClosed<T>(run: () => Promise<T>): Promise<T>;
}

export function createRestoreHandler(deps: RestoreDeps): Pick<Handlers, 'backup/restore'> {
  const { location, keyOf, actors, now, whileClosed } = deps;
  return {
    'backup/restore': ({ path }) =>
      whileRestoring(location, async () => {
        // Of a database that nothing opens any more there is none; what takes its place has one.
        const own = await keyOf().catch(() => undefined);
        // The chain of the backup goes on with this; what was there meanwhile is in the file that is kept.
        const onReady = (db: Db, key: string) =>
          createAuditLog({ db, key, name: 'workspace', actors, now }).record({
            type: 'backup.restored',
            subject: path,
          });
        const replacement = await prepareReplacement({ location, keyOf, path, now, onReady });
        const key = own ?? replacement.key;
        try {
          const swap = () => swapDatabase({ location, key, replacement, now });
          const kept = await whileClosed(() => whileReplacing(location, swap));
          return { tasks: replacement.tasks, paused: replacement.paused, kept };
        } finally {
          replacement.dispose();
        }
      }),
  };
}

/** Tasks that are read at once, and events. */
const PAGE = 500;

/** Every task, newest first, each followed by its events and its proposal; then the schedules and what is planned. */
function* everything(sources: Sources, onTask: () => void): Generator<object> {
  const { queue, schedules, items } = sources;
  for (let before: number | undefined; ; ) {
    const { tasks } = queue.list({ limit: PAGE, before });
    for (const { id } of tasks) {
      onTask();
      yield* wholeTask(sources, queue.get(id));
    }
    before = tasks.at(-1)?.number;
    if (before === undefined) break;
  }
  for (const schedule of schedules.list()) yield { schedule };
  for (const item of items.all()) yield { item };
}

function* wholeTask({ queue, proposals }: Sources, task: Task): Generator<object> {
  yield { task };
  for (let after = 0; after < task.lastSeq; ) {
    // What happened since the task was read is no part of it.
    const events = queue.events(task.id, after, PAGE).filter(({ seq }) => seq <= task.lastSeq);
    for (const event of events) yield { event };
    after = events.at(-1)?.seq ?? task.lastSeq;
  }
  const proposal = proposals.find(task.id);
  if (proposal !== undefined) yield { proposal };
}
