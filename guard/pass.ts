import { AsyncLocalStorage } from 'node:async_hooks';

/** One connection that may be made: to a name or an address, at a port. */
export interface Destination {
  host: string;
  port: number;
}

interface Pass extends Destination {
  open: boolean;
}

/*
 * The capability that the guard asks for. It is in no object that is handed around: who may import this file is a rule of the
 * architecture (`test/support/architecture/imports.ts`), and what is in its bundle cannot be reached from outside.
 */
const passes = new AsyncLocalStorage<Pass>();

/**
 * Runs `connect`, which may make connections to the destination, and what comes of it may too until `end` is called: when the
 * one that is meant is there, or will never be.
 */
export function passTo<T>({ host, port }: Destination, connect: (end: () => void) => T): T {
  const pass: Pass = { host: bare(host), port, open: true };
  return passes.run(pass, () =>
    connect(() => {
      pass.open = false;
    }),
  );
}

/** Whether who asks now holds a pass for this port, and for this name or address where it is known. */
export function mayReach(port: number, host?: string): boolean {
  const pass = passes.getStore();
  return pass?.open === true && pass.port === port && (host === undefined || bare(host) === pass.host);
}

/** Whether who asks now may look this name up. */
export function mayLookUp(name: string): boolean {
  const pass = passes.getStore();
  return pass?.open === true && bare(name) === pass.host;
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '').toLowerCase();
