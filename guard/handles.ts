import { getSystemErrorMap } from 'node:util';
import { mayLookUp, mayReach } from './pass.ts';
import { isOfThisMachine, type Watch } from './rules.ts';

/*
 * Under every socket of Node's JavaScript lies a handle of its own C++ part. Their methods are properties of a few prototypes,
 * which Node's own modules call each time: who replaces these stands below all of its interfaces, those to come too. They
 * answer with an error number of libuv. https://github.com/nodejs/node/blob/v24.x/lib/net.js, `internalConnect`
 */

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Binding = Record<string, unknown>;
interface Bindings {
  binding?: (name: string) => Binding;
}

/** What other code may not ask for any more: handles, and the programs of Node that make them. */
const CLOSED = /^(?:tcp_wrap|udp_wrap|js_udp_wrap|pipe_wrap|cares_wrap|tls_wrap|natives)$/;

/** EACCES, as libuv numbers it on this system. */
const DENIED = [...getSystemErrorMap()].find(([, [name]]) => name === 'EACCES')?.[0] ?? -13;

/** Guards the handles; false where this Node shows them to nobody. */
export function guardHandles({ rules, isOn, refuse }: Watch): boolean {
  const { binding } = process as unknown as Bindings;
  if (binding === undefined) return false;
  const open = (name: string): Binding | undefined => {
    try {
      return Reflect.apply(binding, process, [name]);
    } catch {
      return undefined;
    }
  };
  const [tcp, udp, pipe, cares] = ['tcp_wrap', 'udp_wrap', 'pipe_wrap', 'cares_wrap'].map(open);
  const guard = (of: unknown, api: string, names: readonly string[], allows: (args: readonly unknown[]) => boolean) => {
    const table = of as Record<string, Method> | undefined;
    for (const name of names) {
      const original = table?.[name];
      if (table === undefined || typeof original !== 'function') continue;
      table[name] = function (...args) {
        if (!isOn() || allows(args)) return Reflect.apply(original, this, args);
        refuse(`${api}.${name}`, args.slice(1).map(plain).join(':'));
        return DENIED;
      };
    }
  };
  const never = () => false;
  const ofTcp = prototypeOf(tcp, 'TCP');
  guard(ofTcp, 'tcp', ['connect', 'connect6'], ([, , port]) => mayReach(Number(port)));
  guard(ofTcp, 'tcp', ['bind', 'bind6', 'listen'], () => rules.listen);
  const ofPipe = prototypeOf(pipe, 'Pipe');
  guard(ofPipe, 'pipe', ['connect'], ([, path]) => rules.pipes && isOfThisMachine(String(path)));
  guard(ofPipe, 'pipe', ['bind', 'listen'], () => rules.listen);
  guard(prototypeOf(udp, 'UDP'), 'udp', ['bind', 'bind6', 'connect', 'connect6', 'send', 'send6'], never);
  const ofNames = prototypeOf(cares, 'ChannelWrap');
  const questions = Object.getOwnPropertyNames(ofNames ?? {}).filter((name) => /^query|^getHostByAddr$/.test(name));
  guard(ofNames, 'dns', questions, never);
  guard(cares, 'dns', ['getaddrinfo'], ([, name]) => mayLookUp(String(name)));
  guard(cares, 'dns', ['getnameinfo'], never);

  (process as unknown as Bindings).binding = function (this: unknown, name) {
    if (isOn() && CLOSED.test(name)) throw refuse('process.binding', name);
    return Reflect.apply(binding, this, [name]);
  };
  return tcp !== undefined && udp !== undefined && pipe !== undefined && cares !== undefined;
}

const prototypeOf = (binding: Binding | undefined, name: string): object | undefined =>
  (binding?.[name] as { prototype?: object } | undefined)?.prototype;

const plain = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
