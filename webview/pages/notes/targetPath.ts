import type { NoteLink } from '../../../protocol/notes.ts';
import { NOTE_LINK } from './wikiText.ts';

/** Where a link that was clicked leads: the address of a shown link, or what stands between the brackets in the editor. */
export function targetPath(
  address: string,
  from: string,
  links: readonly NoteLink[],
): { path: string; isThere: boolean } {
  const [bare = ''] = address.replace(NOTE_LINK, '').split('#');
  const target = decoded(bare).trim();
  const known = links.find((link) => link.target.toLowerCase() === target.toLowerCase() && link.path !== null);
  if (known?.path != null) return { path: known.path, isThere: true };
  // A new note comes where a link of Markdown says; `[[so]]` beside the one that it is in.
  const folder = from.slice(0, from.lastIndexOf('/') + 1);
  const parts: string[] = [];
  for (const part of (target.includes('/') && !target.startsWith('.') ? target : folder + target).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  const path = parts.join('/');
  return { path: /\.md$/i.test(path) ? path : `${path}.md`, isThere: false };
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
