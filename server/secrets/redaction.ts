import { findSecrets } from './findSecrets.ts';

const PLACEHOLDER = /\[secret: [^,\]\n]{1,60}, \d{1,7} characters\]/g;

/** A text with a mark in the place of each secret, such as `[secret: AWS access key, 20 characters]`, and what those were. */
export async function redact(text: string): Promise<{ text: string; kinds: string[] }> {
  let redacted = '';
  let at = 0;
  const found = await findSecrets(text);
  for (const { start, end, kind } of found) {
    redacted += `${text.slice(at, start)}[secret: ${kind}, ${end - start} characters]`;
    at = end;
  }
  return { text: redacted + text.slice(at), kinds: found.map(({ kind }) => kind) };
}

/** Whether a text holds marks that were not in the one before: who wrote it copied what stands for a secret. */
export function addsPlaceholder(before: string, after: string): boolean {
  const known = new Set(before.match(PLACEHOLDER));
  return (after.match(PLACEHOLDER) ?? []).some((mark) => !known.has(mark));
}
