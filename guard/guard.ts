import { syncBuiltinESMExports } from 'node:module';
import { guardHandles } from './handles.ts';
import { guardNames } from './names.ts';
import { guardOthers } from './others.ts';
import { createRefusals, type Refusal } from './refusals.ts';
import type { Rules, Watch } from './rules.ts';
import { guardSockets } from './sockets.ts';

export type { Refusal, Rules };

/** What keeps this process from reaching other machines. */
export interface Guard {
  /** Whether it stands under Node's handles too, and not only at its interfaces. */
  readonly whole: boolean;
  /** Calls back on everything that was refused, also before. */
  onRefused(listener: (refusal: Refusal) => void): () => void;
  /** For a process that becomes another program, which has a guard of its own. */
  lift(): void;
}

/**
 * Refuses every way of Node's JavaScript to another machine, but for connections with a pass (`pass.ts`) and what the rules
 * allow. To be called before anything else of the program runs; there is no way back but for who holds what it returns.
 * It cannot hold native code, nor the programs that this one starts: walls of the system do (docs/proofs.md).
 */
export function installGuard(rules: Rules): Guard {
  const { refuse, listen } = createRefusals();
  let on = true;
  const watch: Watch = { rules, refuse, isOn: () => on };
  guardSockets(watch);
  guardNames(watch);
  guardOthers(watch);
  const whole = guardHandles(watch);
  // Who wrote `import { lookup } from 'node:dns'` holds a copy until this.
  syncBuiltinESMExports();
  return {
    whole,
    onRefused: listen,
    lift() {
      on = false;
    },
  };
}
