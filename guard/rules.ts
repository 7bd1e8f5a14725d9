import type { Refusals } from './refusals.ts';

/** What a program may do without a pass. */
export interface Rules {
  /** Connect to local sockets and named pipes of this machine. */
  pipes: boolean;
  /** Let others connect: on local sockets and on ports. */
  listen: boolean;
}

/** What the parts of the guard work with. */
export interface Watch extends Pick<Refusals, 'refuse'> {
  readonly rules: Rules;
  /** False once the guard was lifted. */
  isOn(): boolean;
}

/** A pipe's name on Windows may be that of another machine: `\\host\pipe\name`. */
export const isOfThisMachine = (path: string): boolean => !/^[\\/]{2}(?![.?][\\/])/.test(path);
