import { addDays, Day } from '../../../protocol/days.ts';
import { readMinutes } from '../../../protocol/minutes.ts';

/** What one line says of a new item: `Write it up ~2h @tomorrow #docs`. */
export interface QuickAdd {
  readonly title: string;
  readonly estimate: number | null;
  readonly due: Day | null;
  readonly tags: string[];
}

/** Words that begin with `~`, `@` or `#` and say nothing that is understood stay in the title. */
export function readQuickAdd(line: string, today: Day): QuickAdd {
  let [estimate, due]: [number | null, Day | null] = [null, null];
  const tags: string[] = [];
  const title = line.split(/\s+/).filter((word) => {
    const rest = word.slice(1);
    if (word.startsWith('~')) {
      const minutes = readMinutes(rest);
      estimate = minutes ?? estimate;
      return minutes === undefined;
    }
    if (word.startsWith('@')) {
      const day = readDay(rest, today);
      due = day ?? due;
      return day === undefined;
    }
    const isTag = word.startsWith('#') && /^[^\s#,]{1,64}$/.test(rest) && /\D/.test(rest);
    if (isTag) tags.push(rest);
    return !isTag;
  });
  return { title: title.join(' ').trim(), estimate, due, tags: [...new Set(tags)] };
}

function readDay(word: string, today: Day): Day | undefined {
  const [, later] = /^\+(\d{1,3})$/.exec(word) ?? [];
  const days = word === 'today' ? 0 : word === 'tomorrow' ? 1 : later === undefined ? undefined : Number(later);
  if (days !== undefined) return addDays(today, days);
  return Day.safeParse(word).success ? word : undefined;
}
