const SCHEMES: readonly string[] = ['http:', 'https:', 'mailto:'];

/** An address that a click may open in another program, written out; undefined for every other, and for what is none. */
export function safeAddress(address: string): string | undefined {
  try {
    const url = new URL(address);
    return SCHEMES.includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
