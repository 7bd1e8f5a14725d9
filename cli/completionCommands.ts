import type { Client } from '../protocol/index.ts';
import type { Noun, Suggested } from './completions.ts';
import type { Context } from './taskCommands.ts';
import { clip, oneLine } from './text.ts';

/** Milliseconds; on a busy machine finding the server takes seconds. */
const PATIENCE = 10_000;
/** Names that are offered at most. */
const MOST = 50;

/** Names that a server knows which runs already; none is started for it, and no failure is told. */
export async function namesOf({ link }: Context, noun: Noun): Promise<Suggested[]> {
  const late = new Promise<Suggested[]>((resolve) => setTimeout(resolve, PATIENCE, []).unref());
  const asked = link.open().then(({ client }) => ask(client, noun));
  return Promise.race([asked.catch(() => []), late]);
}

async function ask(client: Client, noun: Noun): Promise<Suggested[]> {
  if (noun === 'task') {
    const { tasks } = await client.request('task/list', { limit: MOST });
    return tasks.map(({ number, instruction }) => ({
      value: String(number),
      description: clip(oneLine(instruction), 60),
    }));
  }
  if (noun === 'note') {
    const { notes } = await client.request('note/list', { limit: MOST });
    return notes.map(({ path, title }) => ({ value: path, description: oneLine(title) }));
  }
  const { models } = await client.request('model/list', {});
  const aliases = models.flatMap(({ aliases, name }) => aliases.map((value) => ({ value, description: name })));
  return [...models.map(({ name, version }) => ({ value: name, description: version })), ...aliases];
}
