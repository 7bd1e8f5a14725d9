import type { Client } from '../../../protocol/client.ts';
import { addDays, type Day, weekOf } from '../../../protocol/days.ts';
import type { Result } from '../../../protocol/methods.ts';
import { useItems } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';

export type Weeks = Result<'horizon/capacity'>;

const WEEKS = 27;

/** From this week on; asked for again with every change of an item, and when somebody says another capacity. */
const source: LiveSource<Weeks> = {
  load: (client: Client) => client.request('horizon/capacity', { weeks: WEEKS }),
};

export function useWeeks() {
  const version = useItems((state) => (state.state === 'ready' ? state.version : 0));
  return useLive(source, String(version));
}

/** Of the week that a day is in. */
export const weekFor = (weeks: Weeks | undefined, day: Day): Weeks['weeks'][number] | undefined =>
  weeks?.weeks.find(({ week }) => week === weekOf(day));

export const lastDayOf = (week: Day): Day => addDays(week, 6);
