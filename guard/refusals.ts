import { OspainError } from '../protocol/index.ts';

/** Something that the guard did not let happen. */
export interface Refusal {
  /** What was called: `net.connect`, `dns.lookup`. */
  api: string;
  /** Where it would have led: `example.org:443`; empty where nothing was named. */
  target: string;
}

export interface Refusals {
  /** Notes a refusal, and makes the error of it: `egress_refused`. */
  refuse(api: string, target?: string): OspainError;
  /** Hears all of them, those before too. */
  listen(listener: (refusal: Refusal) => void): () => void;
}

/** Kept for who listens later. */
const KEPT = 100;
/** Characters of a target; it may come from anywhere. */
const TARGET = 200;

export function createRefusals(): Refusals {
  const noted: Refusal[] = [];
  const listeners = new Set<(refusal: Refusal) => void>();
  return {
    refuse(api, target = '') {
      const refusal = { api, target: target.slice(0, TARGET) };
      if (noted.length < KEPT) noted.push(refusal);
      for (const listener of listeners) listener(refusal);
      const where = target === '' ? '' : ` to ${refusal.target}`;
      return new OspainError('egress_refused', `${api}${where} is not possible in this program.`, {
        hint: 'Only what a person agreed to, by name, reaches another machine.',
      });
    },
    listen(listener) {
      for (const refusal of noted) listener(refusal);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
