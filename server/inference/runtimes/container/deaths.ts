import { createInterface } from 'node:readline';
import type Docker from 'dockerode';
import { z } from 'zod';

/** What an engine tells of the ends of our containers. */
export interface Deaths {
  /** Whether the system ended a container that is gone because it took more memory than it may; false where the engine never said. */
  ofMemory(id: string): Promise<boolean>;
  /** Resolves when the engine says nothing any more: it went away, or this was closed. */
  readonly ended: Promise<void>;
  close(): void;
}

const Event = z.object({ Action: z.string(), id: z.string() });

/** The event comes over another connection than the news that the container is gone. Milliseconds. */
const LATE = 1000;
const REMEMBERED = 100;

/** Listens to what happens to containers with a label. It is the only evidence: a container that is removed has no state. */
export async function watchDeaths(docker: Docker, label: string): Promise<Deaths> {
  const filters = JSON.stringify({ label: [label], event: ['oom', 'die'] });
  const stream = (await docker.getEvents({ filters })) as NodeJS.ReadableStream & { destroy(): void };
  const oom = new Set<string>();
  const dead = new Map<string, PromiseWithResolvers<void>>();
  const deathOf = (id: string) => {
    const known = dead.get(id) ?? Promise.withResolvers<void>();
    dead.set(id, known);
    // Most deaths are asked about by nobody.
    const [oldest] = dead.keys();
    if (dead.size > REMEMBERED && oldest !== undefined) dead.delete(oldest);
    return known;
  };
  const lines = createInterface({ input: stream });
  lines.on('error', () => {});
  lines.on('line', (line) => {
    const event = parse(line);
    if (event?.Action === 'oom') oom.add(event.id);
    if (event?.Action === 'die' || event?.Action === 'died') deathOf(event.id).resolve();
  });
  const ended = new Promise<void>((resolve) => {
    for (const how of ['end', 'close', 'error', 'aborted']) stream.once(how, () => resolve());
  });
  return {
    ended,
    async ofMemory(id) {
      const late = new Promise<void>((resolve) => setTimeout(resolve, LATE).unref());
      await Promise.race([deathOf(id).promise, ended, late]);
      dead.delete(id);
      return oom.delete(id);
    },
    close: () => stream.destroy(),
  };
}

function parse(line: string): z.infer<typeof Event> | null {
  try {
    return Event.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
