import type { Condition } from '../../protocol/index.ts';

/** Whether a condition holds at this moment. */
export type Probe = () => boolean | Promise<boolean>;

export interface Conditions {
  /** Those of the wanted that hold. A probe that fails does not hold its tasks up for ever: it counts as holding. */
  holding(wanted: ReadonlySet<Condition>): Promise<ReadonlySet<Condition>>;
}

export function createConditions(probes: Readonly<Record<Condition, Probe>>): Conditions {
  const holds = async (condition: Condition): Promise<boolean> => {
    try {
      return await probes[condition]();
    } catch {
      return true;
    }
  };
  return {
    async holding(wanted) {
      const asked = await Promise.all([...wanted].map(async (one) => ({ one, holds: await holds(one) })));
      return new Set(asked.filter(({ holds }) => holds).map(({ one }) => one));
    },
  };
}
