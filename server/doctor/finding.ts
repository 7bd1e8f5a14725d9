import { type Check, type Finding, OspainError } from '../../protocol/index.ts';

export const ok = (check: Check, found: string, advice: string | null = null): Finding => ({
  check,
  status: 'ok',
  found,
  advice,
});

export const warning = (check: Check, found: string, advice: string): Finding => ({
  check,
  status: 'warning',
  found,
  advice,
});

export const failed = (check: Check, found: string, advice: string): Finding => ({
  check,
  status: 'failed',
  found,
  advice,
});

/** A failure of the product says itself what to do. */
export function failedBy(check: Check, thrown: unknown, advice = 'Install OSPAiN2 again.'): Finding {
  const { message, hint, cause } = OspainError.from(thrown).toWire();
  return failed(check, cause === undefined ? message : `${message} (${firstLine(cause)})`, hint ?? advice);
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 300);
