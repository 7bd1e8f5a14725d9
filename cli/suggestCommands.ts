import { type About, type Client, OspainError, type Suggestion, type SuggestionSubject } from '../protocol/index.ts';
import { suggestionTable, suggestionText } from './suggestionText.ts';
import type { Context } from './taskCommands.ts';
import { plural } from './text.ts';

export interface AskOptions {
  model: string;
  detach?: boolean;
}

/** Asks for one, and stays until it is made unless told not to. */
export async function ask(
  { host, link, screen }: Context,
  { about, of }: { about: About; of: SuggestionSubject },
  { model, detach = false }: AskOptions,
): Promise<number> {
  const { client, subscribed } = await link.open();
  await subscribed();
  const { suggestion } = await client.request('suggestion/ask', { about, of, model });
  const show = (made: Suggestion): number => {
    screen.data({ suggestion: made });
    if (made.error !== null) throw OspainError.fromWire(made.error);
    screen.print(suggestionText(made, screen));
    return 0;
  };
  if (suggestion.status !== 'asked' || detach) return show(suggestion);
  const stop = host.onInterrupt(() => {
    void client.request('suggestion/dismiss', { suggestionId: suggestion.id }).catch(() => {});
  });
  screen.live({ text: `Suggestion ${suggestion.number}: waiting for the model`, since: performance.now(), tail: '' });
  try {
    return show(await untilMade(client, suggestion.id));
  } finally {
    stop();
    screen.live(null);
  }
}

/** Resolves when nobody works on it any more. */
async function untilMade(client: Client, suggestionId: string): Promise<Suggestion> {
  const { promise, resolve } = Promise.withResolvers<Suggestion>();
  const stop = client.on('suggestion/didChange', ({ suggestion }) => {
    if (suggestion.id === suggestionId && suggestion.status !== 'asked') resolve(suggestion);
  });
  try {
    const { suggestion } = await client.request('suggestion/show', { suggestionId });
    return suggestion.status === 'asked' ? await promise : suggestion;
  } finally {
    stop();
  }
}

export async function list(
  { link, screen }: Context,
  of: SuggestionSubject | undefined,
  { all = false, limit }: { all?: boolean; limit: number },
): Promise<number> {
  const { client } = await link.open();
  const { suggestions } = await client.request('suggestion/list', {
    ...(of === undefined ? {} : { of }),
    ...(all ? {} : { status: ['asked', 'open'] }),
    limit,
  });
  for (const suggestion of suggestions) screen.data({ suggestion });
  screen.print(
    suggestions.length === 0
      ? 'No suggestions. Ask for one: ospain2 suggest tags <note>'
      : suggestionTable(suggestions, screen).join('\n'),
  );
  return 0;
}

export async function show({ link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  const { suggestion } = await client.request('suggestion/show', { suggestionId: suggestionRef(ref) });
  screen.data({ suggestion });
  screen.print(suggestionText(suggestion, screen));
  return 0;
}

export interface DecideOptions {
  part: number[];
  anyway?: boolean;
}

export async function accept(
  { link, screen }: Context,
  ref: string,
  { part, anyway = false }: DecideOptions,
): Promise<number> {
  const { client } = await link.open();
  const params = { suggestionId: suggestionRef(ref), ...partsOf(part), anyway };
  const { suggestion, note, items } = await client.request('suggestion/accept', params);
  screen.data({ suggestion, note, items });
  const wrote = note === null ? [] : [`It is in ${screen.safe(note)} now.`];
  const planned = items.length === 0 ? [] : [`${plural(items.length, 'item')} changed.`];
  screen.print([`Suggestion ${suggestion.number} is ${suggestion.status}.`, ...wrote, ...planned].join(' '));
  return 0;
}

export async function dismiss({ link, screen }: Context, ref: string, { part }: DecideOptions): Promise<number> {
  const { client } = await link.open();
  const { suggestion } = await client.request('suggestion/dismiss', {
    suggestionId: suggestionRef(ref),
    ...partsOf(part),
  });
  screen.data({ suggestion });
  screen.print(`Suggestion ${suggestion.number} is ${suggestion.status}.`);
  return 0;
}

/** People count from 1. */
const partsOf = (parts: readonly number[]) => (parts.length === 0 ? {} : { parts: parts.map((part) => part - 1) });

const suggestionRef = (ref: string): string => ref.replace(/^#/, '');

/** A number, with or without `#`, is an item; anything else the path of a note. */
export const subjectOf = (what: string): SuggestionSubject =>
  /^#?\d+$/.test(what) ? { item: what.replace(/^#/, '') } : { note: what };
