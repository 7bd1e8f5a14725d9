import { type AuditEntry, type AuditVerdict, auditBreakText } from '../protocol/index.ts';
import { localTime } from './moments.ts';
import type { Screen } from './screen.ts';
import { oneLine, plural, table } from './text.ts';

/** How the audit log looks to people. */

export function auditTable(entries: readonly AuditEntry[], { paint, safe }: Screen): string {
  const rows = entries.map((entry) => [
    localTime(entry.at),
    `${entry.log} ${entry.number}`,
    entry.type,
    safe(oneLine(entry.actor)),
    safe(oneLine([entry.subject, detailsText(entry.details)].filter((text) => text !== '').join('  '))),
  ]);
  const [head = '', ...lines] = table([['when', 'entry', 'what', 'who', ''], ...rows]);
  return [paint.dim(head.trimEnd()), ...lines].join('\n');
}

/** Hashes are told apart by their beginning; --json has them whole. */
const detailsText = (details: AuditEntry['details']): string =>
  Object.entries(details)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? shortHash(value) : JSON.stringify(value)}`)
    .join(', ');

const shortHash = (text: string): string => (/^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 12)}…` : text);

const NAMES: Readonly<Record<AuditVerdict['log'], string>> = {
  workspace: 'The log of this folder',
  user: 'The log of this user',
};

/** A line for each chain: that it is whole, or the first thing that is wrong. */
export function verdictText({ log, entries, number, hash, pruned, broken }: AuditVerdict, { paint }: Screen): string {
  if (broken !== null) return `${paint.red(`${NAMES[log]} is broken.`)} ${auditBreakText(broken)}`;
  const gone = pruned === 0 ? '' : ` (${pruned} before them were pruned)`;
  return `${NAMES[log]} is whole: ${plural(entries, 'entry').replace(/entrys$/, 'entries')}${gone}. It ends with ${number}:${hash}`;
}
