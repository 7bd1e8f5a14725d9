import { mkdirSync, readFileSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listFiles } from '../../../server/agents/files.ts';
import { readText } from '../../../server/agents/fileText.ts';
import { type CodeIndex, createCodeIndex } from '../../../server/codeIndex/codeIndex.ts';
import type { Embeddings } from '../../../server/codeIndex/embedder.ts';
import { createSyntax } from '../../../server/syntax/syntax.ts';
import { tempFolder } from '../../support/temp.ts';

export const KEY = '0123456789abcdef'.repeat(6);
export const never: AbortSignal = new AbortController().signal;

export interface IndexBench extends AsyncDisposable {
  root: string;
  /** The database of the index. */
  file: string;
  write(path: string, text: string | Buffer): void;
  remove(path: string): void;
  /** Paths that were read since this was last asked. */
  reads(): string[];
  open(options?: { embeddings?: Embeddings; owner?: string; key?: string }): Promise<CodeIndex>;
}

const none: Embeddings = { model: () => undefined, embed: async () => [] };

/** A workspace with an index of its own; time stands still unless files are written. */
export function indexBench(texts: Record<string, string>): IndexBench {
  const folder = tempFolder('index');
  const root = join(realpathSync.native(folder.path), 'workspace');
  const file = join(folder.path, 'index.db');
  let reads: string[] = [];
  let clock = 1_000_000;
  const open = new Set<CodeIndex>();
  const bench: IndexBench = {
    root,
    file,
    write(path, text) {
      const absolute = join(root, path);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, text);
      // Two writes in one tick of the file system's clock would look alike.
      clock += 1000;
      utimesSync(absolute, clock, clock);
    },
    remove: (path) => rmSync(join(root, path)),
    reads() {
      const all = reads.toSorted();
      reads = [];
      return all;
    },
    async open({ embeddings = none, owner = 'one', key = KEY } = {}) {
      const index = await createCodeIndex({
        enabled: true,
        ...{ file, key, embeddings, owner },
        files: {
          root,
          list: (signal) => listFiles(root, '.', signal),
          read(path) {
            reads.push(path);
            return readText(join(root, path), path);
          },
        },
        syntax: createSyntax(),
        now: () => (clock += 10_000),
        log: { error: console.error, warn: () => {}, info: () => {}, debug: () => {} },
      });
      open.add(index);
      return index;
    },
    async [Symbol.asyncDispose]() {
      for (const index of open) await index.stop();
      folder[Symbol.dispose]();
    },
  };
  mkdirSync(root);
  for (const [path, text] of Object.entries(texts)) bench.write(path, text);
  return bench;
}

export const rawBytes = (file: string): Buffer => Buffer.concat(['', '-wal'].map((end) => readOrNothing(file + end)));

function readOrNothing(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
