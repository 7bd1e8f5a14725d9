import type { IncomingHttpHeaders } from 'node:http';
import { proofIn } from '../../../../protocol/index.ts';

/** A browser that was let in, as its requests show it. */
export interface Session {
  id: string;
  /** Unix milliseconds. */
  expiresAt: number;
}

/** With the secrets that its cookie and its page show from then on. */
export interface NewSession extends Session {
  secret: string;
  proof: string;
}

/** The sessions of browsers, wherever they are kept. */
export interface Sessions {
  create(): Promise<NewSession>;
  find(secret: string, proof: string): Session | null;
  has(id: string): boolean;
  end(id: string): Promise<void>;
  endAll(): Promise<number>;
}

/**
 * Cookies are not isolated by port: those of one server reach every other at the same host, and a name that two use is lost to one
 * of them. So the name says port and workspace.
 */
export const cookieName = (port: number, workspace: string): string => `ospain2-${port}-${workspace.slice(0, 8)}`;

/** What of a request says whose it is. */
export interface Shown {
  headers: IncomingHttpHeaders;
  cookies: Readonly<Record<string, string | undefined>>;
}

/** The secrets that a request shows; null when it shows none, or nothing like them. */
export function secretsOf({ headers, cookies }: Shown, name: string): { secret: string; proof: string } | null {
  const [secret = '', proof = ''] = [cookies[name], proofIn(headers)];
  return isSecret(secret) && isSecret(proof) ? { secret, proof } : null;
}

const isSecret = (text: string): boolean => /^[\w-]{43}$/.test(text);

/** Strict: no request that another site began carries it. Path `/`, since the routes below `/api` take it too. */
export const COOKIE = { httpOnly: true, sameSite: 'strict', path: '/' } as const;
