import { resolve } from 'node:path';
import { errorCodes, OspainError } from '../protocol/index.ts';
import { ask } from './ask.ts';
import { auditTable, verdictText } from './auditText.ts';
import { localTime, parseMoment } from './moments.ts';
import type { Context } from './taskCommands.ts';
import { fileSize, plain } from './text.ts';

export interface ShowOptions {
  since?: string;
  type?: string[];
  limit: number;
}

export async function showAudit({ link, screen }: Context, { since, type, limit }: ShowOptions): Promise<number> {
  const { client } = await link.open();
  const { entries } = await client.request('audit/list', {
    limit,
    ...(since !== undefined && { since: parsePast(since) }),
    ...(type !== undefined && { types: type }),
  });
  for (const entry of entries) screen.data({ entry });
  screen.print(entries.length === 0 ? 'Nothing of that is written down.' : auditTable(entries, screen));
  return 0;
}

/** A broken log is bad data: `sysexits.h`, EX_DATAERR. */
export async function verifyAudit({ link, screen }: Context): Promise<number> {
  const { client } = await link.open();
  const { logs } = await client.request('audit/verify', {});
  for (const verdict of logs) {
    screen.data({ verdict });
    screen.print(verdictText(verdict, screen));
  }
  return logs.every(({ broken }) => broken === null) ? 0 : errorCodes.content_differs.exit;
}

export async function exportAudit(context: Context, file: string, { yes = false }: { yes?: boolean }): Promise<number> {
  const { host, link, screen } = context;
  const path = resolve(host.cwd, file);
  const question = `Write the audit log as plain text to ${plain(path)}? Paths, hosts and command lines are in it.`;
  if (!yes && !(await ask(host, question))) return nothingDone(context);
  const { client } = await link.open();
  const exported = await client.request('audit/export', { path, confirm: 'plain text' });
  screen.data({ exported });
  screen.print(`${exported.entries} entries in ${screen.safe(path)} (${fileSize(exported.bytes)}), in plain text.`);
  return 0;
}

export async function pruneAudit(
  context: Context,
  { before, yes = false }: { before: string; yes?: boolean },
): Promise<number> {
  const { host, link, screen } = context;
  const at = parsePast(before);
  if (!yes && !(await ask(host, `Drop all entries from before ${localTime(at)} for good?`)))
    return nothingDone(context);
  const { client } = await link.open();
  const { dropped } = await client.request('audit/prune', { before: at });
  screen.data({ dropped });
  screen.print(`${dropped} entries are gone; a checkpoint holds their place.`);
  return 0;
}

function nothingDone({ screen }: Context): number {
  screen.warn('Nothing was done.');
  return errorCodes.cancelled.exit;
}

const DAY = 86_400_000;

/** A time as elsewhere, a day, or so many days ago: `30d`. */
function parsePast(text: string): number {
  const now = Date.now();
  const [, days] = /^(\d{1,5})d$/.exec(text) ?? [];
  if (days !== undefined) return now - Number(days) * DAY;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseMoment(`${text} 00:00`, now) : parseMoment(text, now - DAY);
  if (at <= now) return at;
  throw new OspainError('invalid_params', `${JSON.stringify(text)} is not in the past.`);
}
