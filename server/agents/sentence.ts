/** Takes a person's sentence apart: courtesies, the file it names, and what is left to say. */

const BEFORE =
  /^(?:(?:hey|hi|hello|ok|okay|so|now|just|also|please|kindly)\b[,!]?\s+|(?:can|could|would|will) you\s+|i(?: want|['’]d like| would like) you to\s+|let['’]s\s+|help me (?:to )?)/i;
const AFTER = ['please', 'thanks', 'thank you', 'thx', 'for me', 'right now', 'now'];

/** Without "please", "can you", "thanks" and the sign at the end. Takes time in proportion to the text, whatever it is. */
export function plainRequest(text: string): string {
  let said = text.trim().replace(/\s+/g, ' ').replaceAll('`', '');
  for (let less = said.replace(BEFORE, ''); less !== said; less = said.replace(BEFORE, '')) said = less;
  let end = said.length;
  for (;;) {
    while (' .?!,'.includes(said[end - 1] ?? 'x')) end--;
    const last = AFTER.find((word) => said.slice(Math.max(0, end - word.length - 1), end).toLowerCase() === ` ${word}`);
    if (last === undefined) return said.slice(0, end);
    end -= last.length;
  }
}

/** A file as people write it: with an extension, or with a folder in front. */
const PATH = String.raw`["']?((?:[\w@.+~-]*[\\/])*[\w@+~-][\w@.+~-]*\.[A-Za-z]\w{0,9}|(?:[\w@.+~-]+[\\/])+[\w@+~-]+)["']?`;
const LEADING = new RegExp(String.raw`^(?:in\s+(?:the\s+)?(?:file\s+)?${PATH}\s*[,:]?\s+|${PATH}\s*:\s+)`, 'i');
const INSIDE = new RegExp(String.raw`\s+(?:in|of|from)\s+(?:the\s+)?(?:file\s+)?${PATH}(?=[\s,:?!.]|$)`, 'i');

/** The one file that a request names, and the request without it; undefined when it names several. */
export function takePath(said: string): { path: string | undefined; rest: string } | undefined {
  const found = new Set<string>();
  let rest = said;
  for (const shape of [LEADING, INSIDE, INSIDE]) {
    const match = shape.exec(rest);
    const path = match?.slice(1).find((group) => group !== undefined);
    if (!match || path === undefined) continue;
    found.add(path.replaceAll('\\', '/'));
    rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`.trim().replace(/\s+/g, ' ');
  }
  if (found.size > 1) return undefined;
  return { path: [...found][0], rest: rest.replace(/\s+(?=[,:])/g, '') };
}

/** Whether a text has a name as a word of its own. */
export const hasName = (text: string, name: string): boolean => wordOf(name).test(text);

export const wordOf = (name: string, flags = ''): RegExp =>
  new RegExp(String.raw`(?<![\w$])${name.replaceAll('$', String.raw`\$`)}(?![\w$])`, flags);
