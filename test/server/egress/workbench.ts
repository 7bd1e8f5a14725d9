import type { Happened } from '../../../server/audit/auditLog.ts';
import { type Connection, createEgress, type Egress } from '../../../server/egress/egress.ts';
import type { Traffic } from '../../../server/egress/exchange.ts';
import type { Resolve } from '../../../server/egress/localLookup.ts';
import { createLog } from '../../../server/log.ts';

export interface EgressBench {
  egress: Egress;
  /** Every connection that was recorded, with its traffic once it is gone. */
  made: (Connection & Partial<Traffic>)[];
  lines: string[];
  /** What the audit log is told, one after the other. */
  told: Happened[];
}

/** The real way out, with its records in an array. */
export function egressBench(resolve?: Resolve): EgressBench {
  const made: EgressBench['made'] = [];
  const lines: string[] = [];
  const told: Happened[] = [];
  const egress = createEgress({
    audit: (happened) => void told.push(happened),
    log: createLog(({ level, message }) => lines.push(`${level} ${message}`)),
    now: () => 1_000,
    ...(resolve && { resolve }),
    record(connection) {
      const entry: Connection & Partial<Traffic> = { ...connection };
      made.push(entry);
      return (traffic) => void Object.assign(entry, traffic);
    },
  });
  return { egress, made, lines, told };
}
