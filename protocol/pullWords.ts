import type { Pull } from './pulls.ts';
import { formatBytes, formatMs } from './quantities.ts';
import { t } from './words.ts';

/** How much of a model is here, how fast it comes and how long it still takes, each in a few words. */
export function pullProgress({ received, total, bytesPerSecond, state }: Pull): string[] {
  if (total === null) return received > 0 ? [formatBytes(received)] : [];
  const part = t('{0} % of {1}', Math.floor((100 * received) / Math.max(total, 1)), formatBytes(total));
  if (state !== 'running' || bytesPerSecond <= 0) return [part];
  return [
    part,
    `${formatBytes(bytesPerSecond)}/s`,
    t('{0} left', formatMs(((total - received) * 1000) / bytesPerSecond)),
  ];
}

const STATES: Readonly<Record<Pull['state'], () => string>> = {
  queued: () => t('queued'),
  running: () => t('running'),
  interrupted: () => t('interrupted'),
  failed: () => t('failed'),
  done: () => t('done'),
  cancelled: () => t('cancelled'),
};

export const pullStateWord = (state: Pull['state']): string => STATES[state]();
