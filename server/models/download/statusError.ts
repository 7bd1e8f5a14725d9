import { OspainError } from '../../../protocol/index.ts';
import type { ResponseHeaders } from '../../egress/exchange.ts';
import { shown } from '../../egress/hosts.ts';

/** Answers that may be another one soon. */
const PASSING = [408, 425, 429, 500, 502, 503, 504];

export const mayPass = (status: number): boolean => PASSING.includes(status);

/** An answer that is not the thing that was asked for, in words for the person who asked. */
export function statusError(url: URL, status: number, headers: ResponseHeaders): OspainError {
  // Hugging Face says the reason in this header.
  const reason = headers['x-error-code'];
  if (reason === 'GatedRepo')
    return new OspainError('fetch_denied', `${shown(url)} is gated: its owner wants to know who takes it.`, {
      hint: 'Accept the terms on its page, make a token there that may read it, and set HF_TOKEN.',
    });
  if (status === 404 || status === 410 || reason === 'RepoNotFound')
    return new OspainError('not_found', `There is no ${shown(url)}.`, {
      hint: 'Check the name. If it is private, a token is needed: HF_TOKEN for Hugging Face.',
    });
  if (status === 401 || status === 403)
    return new OspainError('fetch_denied', `${url.hostname} does not give ${shown(url)} to us (${status}).`, {
      hint: 'It needs a token, or another one: HF_TOKEN for Hugging Face.',
    });
  if (mayPass(status))
    return new OspainError('fetch_failed', `${url.hostname} cannot answer right now (${status}).`, {
      hint: 'Try again later; what was fetched is kept.',
    });
  return new OspainError('fetch_denied', `${url.hostname} answered ${status} for ${shown(url)}.`, {
    hint: 'Check the address.',
  });
}

/** How long a host wants to be left alone, in milliseconds. `now` is Unix milliseconds. RFC 9110, section 10.2.3. */
export function retryAfter(headers: ResponseHeaders, now: number): number | undefined {
  const after = headers['retry-after'];
  if (after !== undefined && /^\d{1,9}$/.test(after)) return Number(after) * 1000;
  const date = after === undefined ? Number.NaN : Date.parse(after);
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  // Hugging Face's limits: `"api";r=0;t=55`, t in seconds.
  const [, seconds] = /;\s*t=(\d{1,9})/.exec(String(headers['ratelimit'] ?? '')) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
