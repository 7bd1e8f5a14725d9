export const RETRY_MAX = 3;
export const CACHE_TTL = 600;

export function clampRate(a, b) {
  if (a > b) return b;
  return a;
}
