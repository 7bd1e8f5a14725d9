import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { OspainError } from '../../protocol/index.ts';
import type { Host } from '../host.ts';
import { createLink } from '../link.ts';
import { deeds } from './deeds.ts';
import { checkPermissions } from './permissions.ts';
import { checkProcesses } from './processes.ts';
import { foldersOf, type Seen, type Task } from './proof.ts';
import { createSearch } from './search.ts';

/**
 * The part of a proof inside of the walls: a real server, what people do with it, and a look at it while it runs. What is to be found
 * nowhere comes on standard input, since arguments and environments are searched too. Answers one line of JSON.
 */
export async function runInside(host: Host): Promise<number> {
  const { folder, planted } = JSON.parse(
    await text(host.stdin as NodeJS.ReadableStream & AsyncIterable<Buffer>),
  ) as Task;
  const { workspace, data, run, home, temp, out } = foldersOf(folder);
  let words = '';
  const link = createLink({
    ...{ program: host.serverProgram, workspace, env: host.env, settings: { trust: 'trusted' } },
    onWords: (said) => {
      words += said;
    },
  });
  const search = createSearch({ ...planted });
  const seen: Pick<Seen, 'deeds' | 'failed'> = { deeds: [], failed: [] };
  const secrets: Record<string, string> = { ...planted };
  try {
    const { client, subscribed } = await link.open();
    const lines: string[] = [];
    client.on('server/didLog', ({ message }) => lines.push(message));
    await subscribed();
    const embeddedModel = join(dirname(host.serverProgram), '../media/models/canary.gguf');
    for (const deed of deeds) {
      try {
        Object.assign(secrets, await deed.perform({ link, workspace, out, embeddedModel, planted }));
        seen.deeds.push(deed.name);
      } catch (thrown) {
        const { code, message, cause } = OspainError.from(thrown);
        seen.failed.push(`${deed.name}: ${code === 'internal' && cause instanceof Error ? cause.message : message}`);
      }
    }
    const { pid } = await client.request('server/status', {});
    for (const path of [data, run, home, temp, out]) search.folder(path, { skip: [join(out, 'model.gguf')] });
    for (const [name, log] of Object.entries({ 'the log': lines.join('\n'), 'standard error': words }))
      search.bytes(name, Buffer.from(log));
    const { logs } = await client.request('audit/verify', {});
    const { entries } = await client.request('audit/list', { limit: 1000 });
    const count = (type: string) => entries.filter((entry) => entry.type === type).length;
    const { entries: recorded } = await client.request('egress/list', {});
    const answer: Seen = {
      ...seen,
      searched: search.done,
      refused: [
        ...entries
          .filter(({ type }) => type === 'egress.refused')
          .map(({ subject, details }) => `the server: ${String(details['api'])} ${subject}`),
        ...host.refused().map(({ api, target }) => `the command line: ${api} ${target}`),
      ],
      recorded: recorded.length,
      chains: logs.map(({ log, entries, broken }) => ({ log, entries, broken })),
      entries: expectedEntries().map(([type, expected]) => ({ type, expected, found: count(type) })),
      permissions: process.platform === 'win32' ? null : checkPermissions([data, run], process.getuid?.() ?? 0),
      processes: checkProcesses([pid, process.pid], { ...secrets, ...keysIn(data) }),
    };
    host.stdout.write(`${JSON.stringify(answer)}\n`);
    return 0;
  } finally {
    await link.close();
  }
}

/** How often each type has to be in the log. */
function expectedEntries(): [string, number][] {
  const counts = new Map<string, number>();
  for (const type of deeds.flatMap(({ leaves }) => leaves)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts];
}

/** Whatever looks like a key in a small file of the data folder, by the file. */
function keysIn(data: string): Record<string, string> {
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /key|secret|token/i.test(entry.name),
  );
  return Object.fromEntries(
    files.flatMap(({ parentPath, name }) => {
      const words = readFileSync(join(parentPath, name), 'latin1').match(/[\w+/=-]{24,}/g) ?? [];
      return words.map((word, index) => [`what is in ${name}${index === 0 ? '' : ` (${index + 1})`}`, word]);
    }),
  );
}
