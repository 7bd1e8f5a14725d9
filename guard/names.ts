import dns from 'node:dns';
import { isIP } from 'node:net';
import { mayLookUp } from './pass.ts';
import type { Watch } from './rules.ts';

type Callable = (...args: unknown[]) => unknown;
type Table = Record<string, unknown>;

const isQuestion = (name: string): boolean => /^(?:lookup|resolve|reverse)/.test(name);

/** Looking a name up tells it to another machine. Only `lookup` is ever let through, for the name of a pass. */
export function guardNames({ isOn, refuse }: Watch): void {
  const isAllowed = (name: string, [asked]: readonly unknown[]): boolean =>
    !isOn() ||
    (name === 'lookup' && (asked === null || asked === '' || isIP(String(asked)) !== 0 || mayLookUp(String(asked))));

  const withCallback = (table: Table): void =>
    replace(
      table,
      (name, original) =>
        function (this: unknown, ...args) {
          if (isAllowed(name, args)) return Reflect.apply(original, this, args);
          const error = refuse(`dns.${name}`, String(args[0]));
          const callback = args.at(-1);
          if (typeof callback !== 'function') throw error;
          process.nextTick(() => callback(error));
          return {};
        },
    );
  const withPromise = (table: Table): void =>
    replace(
      table,
      (name, original) =>
        function (this: unknown, ...args) {
          if (isAllowed(name, args)) return Reflect.apply(original, this, args);
          return Promise.reject(refuse(`dns.${name}`, String(args[0])));
        },
    );

  withCallback(dns as unknown as Table);
  withCallback(dns.Resolver.prototype as unknown as Table);
  withPromise(dns.promises as unknown as Table);
  withPromise(dns.promises.Resolver.prototype as unknown as Table);
}

function replace(table: Table, by: (name: string, original: Callable) => Callable): void {
  for (const name of Object.getOwnPropertyNames(table).filter(isQuestion)) {
    const original = table[name];
    if (typeof original === 'function') table[name] = by(name, original as Callable);
  }
}
