import type { Guard, Refusal } from '../../guard/guard.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import type { Log } from '../log.ts';

interface HearingDeps {
  /** A process of a test may have none. */
  guard: Pick<Guard, 'onRefused'> | undefined;
  /** Nothing while it is not open: before its database is, and while that is locked. */
  audit(): Pick<AuditLog, 'record'> | null | undefined;
  log: Log;
}

/** Writes down what the guard of this process refused: each way to each place once. */
export interface Hearing {
  /** Writes what was refused while the log was not open; to be called when it is. */
  catchUp(): void;
  stop(): void;
}

/** What a program that tries without end may write. */
const MOST = 200;

export function hearRefusals({ guard, audit, log }: HearingDeps): Hearing {
  const heard = new Set<string>();
  const waiting: Refusal[] = [];
  const catchUp = () => {
    const open = audit();
    if (!open) return;
    for (const { api, target } of waiting.splice(0)) {
      try {
        open.record({ type: 'egress.refused', subject: target, actor: 'server', details: { api } });
      } catch (thrown) {
        // Whoever tried must not hear of it.
        log.error(`guard: a refusal was not kept: ${thrown}`);
      }
    }
  };
  const stop = guard?.onRefused((refusal) => {
    const { api, target } = refusal;
    const what = target === '' ? api : `${api} to ${target}`;
    if (heard.has(what) || heard.size === MOST) return;
    heard.add(what);
    log.warn(`guard: refused ${what}`);
    waiting.push(refusal);
    catchUp();
  });
  return { catchUp, stop: stop ?? (() => {}) };
}
