/** A page without script, style or picture. */
export const POLICY_OF_TEXT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * What the hub's page may do: run and show what came from here, and speak with this server alone. Inline styles need the nonce
 * (CodeMirror makes one); inline scripts and `eval` do not run. `ws:` is named since older browsers do not count it to 'self'.
 */
export const hubPolicy = (host: string, nonce: string): string =>
  [
    ...["default-src 'none'", "script-src 'self'", `style-src 'self' 'nonce-${nonce}'`, "img-src 'self' data:"],
    ...["font-src 'self'", `connect-src 'self' ws://${host}`, "manifest-src 'self'", "worker-src 'self'"],
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ].join('; ');

/** Headers of every page that a browser shows. */
export const pageHeaders = (policy: string): Record<string, string> => ({
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
});
