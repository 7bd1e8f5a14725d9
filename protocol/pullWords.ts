import type { Pull } from './pulls.ts';
import { formatBytes, formatMs } from './quantities.ts';

/** How much of a model is here, how fast it comes and how long it still takes, each in a few words. */
export function pullProgress({ received, total, bytesPerSecond, state }: Pull): string[] {
  if (total === null) return received > 0 ? [formatBytes(received)] : [];
  const part = `${Math.floor((100 * received) / Math.max(total, 1))} % of ${formatBytes(total)}`;
  if (state !== 'running' || bytesPerSecond <= 0) return [part];
  return [part, `${formatBytes(bytesPerSecond)}/s`, `${formatMs(((total - received) * 1000) / bytesPerSecond)} left`];
}
