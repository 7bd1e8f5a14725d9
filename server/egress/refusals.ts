import type { Guard } from '../../guard/guard.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import type { Log } from '../log.ts';

interface HearingDeps {
  /** A process of a test may have none. */
  guard: Pick<Guard, 'onRefused'> | undefined;
  audit: Pick<AuditLog, 'record'>;
  log: Log;
}

/** What a program that tries without end may write. */
const MOST = 200;

/** Writes down what the guard of this process refused: each way to each place once. The returned function stops it. */
export function hearRefusals({ guard, audit, log }: HearingDeps): () => void {
  const heard = new Set<string>();
  const stop = guard?.onRefused(({ api, target }) => {
    const what = target === '' ? api : `${api} to ${target}`;
    if (heard.has(what) || heard.size === MOST) return;
    heard.add(what);
    log.warn(`guard: refused ${what}`);
    try {
      audit.record({ type: 'egress.refused', subject: target, actor: 'server', details: { api } });
    } catch (thrown) {
      // Whoever tried must not hear of it.
      log.error(`guard: a refusal was not kept: ${thrown}`);
    }
  });
  return stop ?? (() => {});
}
