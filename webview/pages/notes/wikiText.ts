/** The scheme of the addresses that links to notes have in what is shown. */
export const NOTE_LINK = 'note:';

/** The name of a block, which is for programs. */
const BLOCK_ID = /\s\^[A-Za-z0-9-]+\s*$/;

/** Markdown in which `[[links]]` are links that a reader of Markdown knows; code stays as it is. Front matter is left out. */
export function wikiText(text: string): string {
  const body = text.replace(/^\uFEFF?---[ \t]*\r?\n[\s\S]*?\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/, '');
  let fence = '';
  return body
    .split('\n')
    .map((line) => {
      const mark = /^[\s>]*(?:[-*+] +)?(`{3,}|~{3,})/.exec(line)?.[1];
      if (fence !== '') {
        if (mark?.startsWith(fence)) fence = '';
        return line;
      }
      if (mark !== undefined) fence = mark;
      return mark === undefined ? linked(line.replace(BLOCK_ID, '')) : line;
    })
    .join('\n');
}

const linked = (line: string): string =>
  line.replaceAll(
    /(`+)[^`]*\1|!?\[\[([^[\]\n|#\\]*)(#[^[\]\n|\\]*)?(?:\\?\|([^[\]\n]*))?\]\]/g,
    (all, code, name, heading, label) => {
      if (code !== undefined || (name ?? '').trim() === '') return all;
      const shown = (label ?? `${name}${heading ?? ''}`).replaceAll(/[\\`*_[\]<>]/g, '\\$&');
      return `[${shown}](${NOTE_LINK}${encodeURIComponent(name.trim()).replaceAll(/[()]/g, (sign: string) => (sign === '(' ? '%28' : '%29'))})`;
    },
  );
