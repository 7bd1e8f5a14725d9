import type { ErrorCode } from '../../../../protocol/index.ts';
import type { Refusal } from '../refusal.ts';

/** What their servers answer where ours says something else. Source: OpenAI API reference, "Error codes". */
const theirs: Partial<Record<ErrorCode, { status?: number; code: string }>> = {
  unauthorized: { code: 'invalid_api_key' },
  model_missing: { code: 'model_not_found' },
  context_full: { status: 400, code: 'context_length_exceeded' },
  not_taught: { status: 400, code: 'unsupported_value' },
  worker_failed: { status: 503, code: 'worker_failed' },
  unknown_method: { code: 'unknown_url' },
};

/** An error as OpenAI's clients read it. */
export function openaiError(refusal: Refusal): { status: number; body: object } {
  const known = theirs[refusal.code];
  const status = known?.status ?? refusal.status;
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  const message = refusal.hint === undefined ? refusal.message : `${refusal.message} ${refusal.hint}`;
  const code = known?.code ?? (status < 500 ? null : refusal.code);
  return { status, body: { error: { message, type, param: refusal.param, code } } };
}
