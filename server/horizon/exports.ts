import { ICalCalendar, ICalEventStatus } from 'ical-generator';
import { addDays, Horizon, type Item, minutesText } from '../../protocol/index.ts';

/** Items as text for other programs; each in the order that it is given. */

const titles: Readonly<Record<Horizon, string>> = { now: 'Now', next: 'Next', later: 'Later', someday: 'Someday' };

/** A list of boxes for each horizon. The number in front is what others mean who wait for it. */
export function toMarkdown(items: readonly Item[]): string {
  const numbers = new Map(items.map(({ id, number }) => [id, number]));
  const line = (item: Item): string => {
    const facts = [
      ...(item.estimate === null ? [] : [minutesText(item.estimate)]),
      ...(item.start === null ? [] : [`from ${item.start}`]),
      ...(item.due === null ? [] : [`due ${item.due}`]),
      ...(item.doneOn === null ? [] : [`done ${item.doneOn}`]),
      ...(item.dependsOn.length === 0
        ? []
        : [`after ${item.dependsOn.map((id) => numbers.get(id) ?? '?').join(', ')}`]),
    ];
    const tags = item.tags.map((tag) => ` #${tag}`).join('');
    const told = facts.length === 0 ? '' : ` (${facts.join('; ')})`;
    return `- [${item.doneAt === null ? ' ' : 'x'}] ${item.number}. ${item.title}${told}${tags}`;
  };
  const part = (horizon: Horizon): string => {
    const lines = items.filter((item) => item.horizon === horizon).map(line);
    return [`## ${titles[horizon]}`, '', ...(lines.length === 0 ? ['Nothing.'] : lines), ''].join('\n');
  };
  return ['# Plan', '', ...Horizon.options.map(part)].join('\n');
}

/**
 * iCalendar (RFC 5545) with an all-day event for each open item that has a date: calendars show events, and few of them tasks
 * (VTODO). Days are `DATE` values, which no time zone moves; `DTEND` is the day after the last one (3.6.1).
 */
export function toCalendar(items: readonly Item[]): string {
  const calendar = new ICalCalendar({ name: 'Plan', prodId: { company: 'OSPAiN2', product: 'Plan', language: 'EN' } });
  for (const item of items) {
    const from = item.start ?? item.due;
    if (from === null || item.doneAt !== null) continue;
    calendar.createEvent({
      id: item.id,
      sequence: item.version,
      stamp: new Date(item.updatedAt),
      created: new Date(item.createdAt),
      lastModified: new Date(item.updatedAt),
      // As midnight in UTC, of which the library takes the date.
      start: new Date(`${from}T00:00:00Z`),
      end: new Date(`${addDays(item.due ?? from, 1)}T00:00:00Z`),
      allDay: true,
      summary: item.title,
      status: item.horizon === 'someday' ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED,
      categories: item.tags.map((name) => ({ name })),
    });
  }
  return calendar.toString();
}
