/** What went wrong, as a person is told. Codes are those of the protocol, and a few that only the extension knows. */
export interface Problem {
  readonly code: string;
  /** What happened, one sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

/** Why nothing can be asked of the server now. */
export type UnreadyCode = 'no_folder' | 'no_selection' | 'no_repository' | 'not_running';

/** Thrown before the server is asked, when it cannot be. */
export class Unready extends Error {
  readonly code: UnreadyCode;
  readonly hint: string;

  constructor(code: UnreadyCode, message: string, hint: string) {
    super(message);
    this.name = 'Unready';
    this.code = code;
    this.hint = hint;
  }
}

/**
 * Any thrown value as a Problem. It looks at the shape, not the class: the protocol's error class brings zod with it,
 * which is not loaded while the extension activates.
 */
export function problemOf(thrown: unknown): Problem {
  if (!(thrown instanceof Error)) return { code: 'internal', message: String(thrown) };
  const { code, hint } = thrown as { code?: unknown; hint?: unknown };
  return {
    code: typeof code === 'string' ? code : 'internal',
    message: thrown.message,
    hint: typeof hint === 'string' ? hint : undefined,
  };
}

/** Both sentences, as one line. */
export const problemText = ({ message, hint }: Problem): string =>
  hint === undefined ? message : `${message} ${hint}`;
