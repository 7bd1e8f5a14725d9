import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../storage/database.ts';
import { seal, unseal } from '../storage/sealedFile.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { ParkedState } from './engine.ts';

export interface ParkedStatesDeps {
  /** With the schema of a workspace. */
  db: Db;
  /** Absolute path of the folder of the files; nothing else is in it. */
  folder: string;
  /** Bytes that all of them may take. */
  mostBytes: number;
  now: () => number;
}

/** The state of a conversation in the file that it went through. */
export interface FreshState {
  identity: string;
  tokens: number;
  bytes: number;
  /** Its descriptor. */
  file: number;
}

/**
 * The states of parked conversations, by task: sealed files whose keys are in the encrypted database, so a file without
 * its row is noise, and a row without its file means to evaluate again. A row goes with the end of its task.
 */
export interface ParkedStates {
  /** Replaces the one that was there; the oldest ones go where there is too little room. Nothing for a task that has ended. */
  keep(taskId: string, state: FreshState): Promise<void>;
  /** A state is used once, whatever comes of it: one that does harm does so once. */
  find(taskId: string): ParkedState | undefined;
  /** The task has ended, and its row went with it: the file follows. */
  forget(taskId: string): void;
  /** Removes files that no row names, as a server leaves them that was killed. */
  sweep(): void;
}

interface Row {
  file: string;
  identity: string;
  tokens: number;
  bytes: number;
  key: Buffer;
  tag: Buffer;
}

export function createParkedStates({ db, folder, mostBytes, now }: ParkedStatesDeps): ParkedStates {
  const put = db.prepare<[Row & { task: string; at: number }]>(
    `INSERT OR REPLACE INTO parked (task_id, file, identity, tokens, bytes, key, tag, at)
     SELECT id, @file, @identity, @tokens, @bytes, @key, @tag, @at FROM tasks
     WHERE uid = @task AND status NOT IN ('done', 'failed', 'cancelled')`,
  );
  const of = db.prepare<[string], Row>(
    'SELECT parked.* FROM parked JOIN tasks ON tasks.id = parked.task_id WHERE tasks.uid = ?',
  );
  const newest = db.prepare<[], { file: string; bytes: number; task: string }>(
    'SELECT file, bytes, uid AS task FROM parked JOIN tasks ON tasks.id = parked.task_id ORDER BY at DESC, file',
  );
  const remove = db.prepare<[string]>('DELETE FROM parked WHERE file = ?');

  /** So that the end of a task costs nothing when it was never parked. */
  let known = new Set<string>();

  const sweep = () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const rows = guarded(() => newest.all());
    known = new Set(rows.map(({ task }) => task));
    const named = new Set(rows.map(({ file }) => file));
    for (const file of readdirSync(folder)) if (!named.has(file)) rmSync(join(folder, file), { force: true });
  };

  const dropOldest = () => {
    let room = mostBytes;
    for (const { file, bytes } of newest.all()) {
      room -= bytes;
      if (room < 0) remove.run(file);
    }
  };

  return {
    sweep,
    forget(task) {
      if (known.has(task)) sweep();
    },
    async keep(task, { file: from, ...state }) {
      if (state.bytes > mostBytes) return;
      const file = randomUUID();
      const { key, tag } = await seal(from, state.bytes, join(folder, file));
      try {
        guarded(() =>
          db.transaction(() => {
            put.run({ task, file, key, tag, at: now(), ...state });
            dropOldest();
          })(),
        );
      } finally {
        sweep();
      }
    },
    find(task) {
      const row = guarded(() => of.get(task));
      return (
        row && {
          identity: row.identity,
          tokens: row.tokens,
          async fill(to) {
            guarded(() => remove.run(row.file));
            try {
              await unseal(join(folder, row.file), row, to);
            } finally {
              rmSync(join(folder, row.file), { force: true });
            }
          },
        }
      );
    },
  };
}
