import { interleave, median, type Report, round } from '../../../scripts/measure.ts';
import type { ApiClient } from './apiClient.ts';

const ROUNDS = 5;
const ANSWER = 128;
const AT_ONCE = 4;

/** Tokens a second of all together: four conversations at one time against one. */
export async function measureParallel(report: Report, api: ApiClient): Promise<void> {
  let salt = 0;
  const rate = (count: number) => async () => {
    const start = performance.now();
    const asked = Array.from({ length: count }, () => ({ user: `Say number ${++salt}.`, tokens: ANSWER }));
    const spoken = await Promise.all(asked.map((each) => api.chat(each)));
    const tokens = spoken.reduce((sum, each) => sum + each.tokens, 0);
    return (tokens * 1000) / (performance.now() - start);
  };
  const rates = await interleave(ROUNDS, { one: rate(1), four: rate(AT_ONCE) });
  report({
    measure: `${AT_ONCE} conversations at one time, all together`,
    value: round(median(rates.four)),
    unit: 'tokens/s',
    vs: 'one conversation',
    ratio: round(median(rates.four.map((four, at) => four / (rates.one[at] ?? 1)))),
  });
}
