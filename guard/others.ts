import dgram from 'node:dgram';
import inspector from 'node:inspector';
import threads from 'node:worker_threads';
import type { Watch } from './rules.ts';

type Table = Record<string, unknown>;

/** Ways that do not lead over a socket of ours: datagrams, the debugger's port, and threads, whose Node is another. */
export function guardOthers({ isOn, refuse }: Watch): void {
  const never = (table: object, name: string, api: string): void => {
    const original = (table as Table)[name];
    if (typeof original !== 'function') return;
    const replaced = function (this: unknown, ...args: unknown[]): unknown {
      if (isOn()) throw refuse(api);
      return new.target === undefined
        ? Reflect.apply(original, this, args)
        : Reflect.construct(original, args, new.target);
    };
    (table as Table)[name] = Object.assign(replaced, { prototype: original.prototype as object });
  };
  never(dgram, 'createSocket', 'dgram.createSocket');
  never(dgram, 'Socket', 'dgram.Socket');
  never(threads, 'Worker', 'worker_threads.Worker');
  never(inspector, 'open', 'inspector.open');
  // A report would look the names of open connections up.
  if (process.report !== undefined) Object.assign(process.report, { excludeNetwork: true });
}
