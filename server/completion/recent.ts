import type { Gap } from './shape.ts';

/** Suggestions of the last minutes, so that typing along one, or going back and forth, costs nothing. */
export interface Recent {
  /** What is left of a suggestion that was made here, or further back with what was typed since; undefined for none. */
  find(path: string, gap: Gap): string | undefined;
  keep(path: string, gap: Gap, text: string): void;
}

const KEPT = 64;

export function createRecent(): Recent {
  let entries: { path: string; gap: Gap; text: string }[] = [];
  return {
    find(path, { prefix, suffix }) {
      for (const { path: there, gap, text } of entries) {
        if (there !== path || gap.suffix !== suffix || !prefix.startsWith(gap.prefix)) continue;
        const typed = prefix.slice(gap.prefix.length);
        if (text.startsWith(typed) && text.length > typed.length) return text.slice(typed.length);
      }
      return undefined;
    },
    keep(path, gap, text) {
      entries = [{ path, gap, text }, ...entries].slice(0, KEPT);
    },
  };
}
