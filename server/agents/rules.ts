import createIgnore from 'ignore';
import type { Overlay } from './overlay.ts';

/** A file in which people tell agents how to work here. */
export interface Rule {
  path: string;
  text: string;
}

/** Files and folders of rules, AGENTS.md apart: what other tools read, so that whoever comes from one finds theirs at work. */
const PLACES = ['.clinerules', '.roorules', '.roo/rules', '.continue/rules', '.github/copilot-instructions.md'];

/**
 * The rules of a workspace for a task that is about a file, or about none, the general ones first: AGENTS.md from the
 * workspace down to the file's folder (https://agents.md), then those of other tools. One that stands in several files comes once.
 */
export async function rulesFor(overlay: Overlay, about: string | undefined): Promise<Rule[]> {
  const paths = [...foldersOf(about).map((folder) => `${folder}AGENTS.md`)];
  for (const place of PLACES) paths.push(...(await filesAt(overlay, place)));
  const seen = new Set<string>();
  return paths.flatMap((path) => {
    const read = textOf(overlay, path);
    if (read === undefined) return [];
    const { text, only } = takeHead(read);
    if (text === '' || seen.has(text) || (only !== undefined && !only(about))) return [];
    seen.add(text);
    return [{ path, text }];
  });
}

/** `''`, `src/`, `src/parser/` for `src/parser/main.ts`. */
function foldersOf(about = ''): string[] {
  const parts = about.split('/').slice(0, -1);
  return ['', ...parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`)];
}

async function filesAt(overlay: Overlay, place: string): Promise<string[]> {
  try {
    const { is, path } = overlay.find(place);
    if (is !== 'folder') return is === 'file' ? [path] : [];
    const { paths } = await overlay.list(path);
    return paths.filter((one) => /\.(md|mdc|txt)$/i.test(one));
  } catch {
    // A link out of the workspace: nobody's rules.
    return [];
  }
}

function textOf(overlay: Overlay, path: string): string | undefined {
  try {
    const place = overlay.find(path);
    const text = place.is === 'file' ? overlay.read(place) : null;
    return text?.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n') ?? undefined;
  } catch {
    return undefined;
  }
}

interface Headed {
  text: string;
  /** Whether the rule is for a task about this file; absent when it is for all. */
  only?: (about: string | undefined) => boolean;
}

/**
 * Takes off the head that Continue and Cline put in front of a rule: lines `key: value` between two lines `---`. Of these
 * `globs` (or `paths`) and `alwaysApply` count: a rule with globs is for files that match one.
 */
function takeHead(text: string): Headed {
  const head = /^---\n([\s\S]*?)\n---(?:\n|$)/.exec(text);
  const body = text.slice(head?.[0].length ?? 0).trim();
  const said = head?.[1];
  if (said === undefined) return { text: body };
  const globs = /^(?:globs|paths):(.*(?:\n[ \t]*- .*)*)/m.exec(said)?.[1]?.match(/[^\s"',[\]]+/g) ?? [];
  const patterns = globs.filter((glob) => glob !== '-');
  if (/^alwaysApply:\s*true\b/m.test(said) || patterns.length === 0) return { text: body };
  const matcher = createIgnore().add(patterns);
  return { text: body, only: (about) => about !== undefined && matcher.ignores(about) };
}
