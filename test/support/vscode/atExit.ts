/**
 * What a test process must undo even when it is interrupted: processes and folders that would outlive it.
 *
 * The work is synchronous, because nothing else runs once a process exits.
 */
import os from 'node:os';

const undos = new Set<() => void>();
let listening = false;

/** Returns the way to call it off, once the usual clean-up has been done. */
export function atExit(undo: () => void): () => void {
  listen();
  undos.add(undo);
  return () => undos.delete(undo);
}

function listen(): void {
  if (listening) return;
  listening = true;
  process.once('exit', () => {
    // The latest first: a server ends before its folder goes.
    for (const undo of [...undos].reverse()) {
      try {
        undo();
      } catch (error) {
        console.error(error);
      }
    }
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + os.constants.signals[signal]));
  }
}
