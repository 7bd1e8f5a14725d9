import { type Item, type LeftOut, OspainError, type ParsedParams, type Result } from '../../protocol/index.ts';

/** Which items can be done while nobody is there. */
export interface Tonight {
  show(params: ParsedParams<'horizon/tonight'>): Result<'horizon/tonight'>;
  /** Those of `ids`, in their order, each of which may be started now; throws `wrong_state` for one that may not. */
  ready(ids: readonly string[]): Item[];
}

interface TonightDeps {
  /** Open items in the order of horizons and places. */
  open: () => Item[];
  get: (ref: string) => Item;
}

/** A task in one of these will not go on by itself any more. */
const over: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled']);

const reasons: Readonly<Record<Exclude<LeftOut, 'tooLong'>, string>> = {
  person: 'needs a person',
  blocked: 'waits for another item',
  unestimated: 'has no estimate',
  busy: 'has a task already',
};

/** Why nothing can be started for it by itself. */
function obstacle(item: Item, isDone: (id: string) => boolean): keyof typeof reasons | undefined {
  if (item.needsPerson) return 'person';
  const busy = item.tasks.some(({ status, proposal }) => !over.has(status) || proposal === 'open');
  if (busy || item.scheduleId !== null) return 'busy';
  if (!item.dependsOn.every(isDone)) return 'blocked';
  return item.estimate === null ? 'unestimated' : undefined;
}

export function createTonight({ open, get }: TonightDeps): Tonight {
  return {
    show({ minutes, horizons }) {
      const all = open();
      const waiting = new Set(all.map(({ id }) => id));
      const leftOut: Record<LeftOut, number> = { person: 0, blocked: 0, unestimated: 0, tooLong: 0, busy: 0 };
      const items: Item[] = [];
      let sum = 0;
      for (const item of all) {
        if (!horizons.includes(item.horizon)) continue;
        const long = sum + (item.estimate ?? 0) > minutes ? 'tooLong' : undefined;
        const why = obstacle(item, (id) => !waiting.has(id)) ?? long;
        if (why !== undefined) {
          leftOut[why] += 1;
          continue;
        }
        items.push(item);
        sum += item.estimate ?? 0;
      }
      return { items, minutes: sum, leftOut };
    },
    ready: (ids) =>
      [...new Set(ids)].map((id) => {
        const item = get(id);
        const why = item.doneAt === null ? obstacle(item, (other) => get(other).doneAt !== null) : undefined;
        if (why === undefined && item.doneAt === null) return item;
        throw new OspainError('wrong_state', `Item ${item.number} ${why === undefined ? 'is done' : reasons[why]}.`, {
          hint: 'Look again at what fits tonight.',
        });
      }),
  };
}
