/** A browser that was let in, as its requests show it. */
export interface Session {
  id: string;
  /** Unix milliseconds. */
  expiresAt: number;
}

/** The sessions of browsers, wherever they are kept. */
export interface Sessions {
  create(): Promise<Session & { secret: string }>;
  find(secret: string): Session | null;
  has(id: string): boolean;
  end(id: string): Promise<void>;
  endAll(): Promise<number>;
}

/**
 * Cookies are not isolated by port: those of one server reach every other at the same host, and a name that two use is lost to one
 * of them. So the name says port and workspace.
 */
export const cookieName = (port: number, workspace: string): string => `ospain2-${port}-${workspace.slice(0, 8)}`;

/** Of a request, by name. */
export type Cookies = Readonly<Record<string, string | undefined>>;

/** The secret that a request shows; null when it shows none, or nothing like one. */
export function shownSecret(cookies: Cookies, name: string): string | null {
  const secret = cookies[name];
  return secret !== undefined && /^[\w-]{43}$/.test(secret) ? secret : null;
}

/** Strict: no request that another site began carries it. Path `/`, since the routes below `/api` take it too. */
export const COOKIE = { httpOnly: true, sameSite: 'strict', path: '/' } as const;
