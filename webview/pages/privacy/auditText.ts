import type { AuditType, AuditVerdict } from '../../../protocol/audit.ts';
import { auditBreakText } from '../../../protocol/auditWords.ts';
import { t } from '../../words.ts';

/** What happened, in a few words. */
const WORDS: Readonly<Record<AuditType, () => string>> = {
  'secret.hidden': () => t('a secret was kept from a model'),
  'server.started': () => t('a server opened the folder'),
  'server.stopped': () => t('a server closed the folder'),
  'egress.opened': () => t('a connection was made'),
  'egress.closed': () => t('a connection ended'),
  'egress.refused': () => t('a connection was refused'),
  'egress.allowed': () => t('a connection was allowed'),
  'pull.asked': () => t('a model was asked for'),
  'model.loaded': () => t('a model was loaded'),
  'mcp.allowed': () => t('an MCP server was allowed'),
  'mcp.withdrawn': () => t('an MCP server is no longer allowed'),
  'mcp.called': () => t('a tool of an MCP server was called'),
  'trust.set': () => t('it was said whether the folder is trusted'),
  'rule.added': () => t('a rule was added'),
  'rule.removed': () => t('a rule was removed'),
  'approval.asked': () => t('a task asked'),
  'approval.answered': () => t('a task was answered'),
  'file.written': () => t('a file was written'),
  'command.begun': () => t('a command was started'),
  'command.ended': () => t('a command ended'),
  'key.made': () => t('a key was made'),
  'key.rotated': () => t('the key was exchanged'),
  'key.recovered': () => t('the key was recovered'),
  'key.locked': () => t('the data was locked'),
  'key.unlocked': () => t('the data was unlocked'),
  'key.changed': () => t('how the key is kept was changed'),
  'hub.ticketMade': () => t('a link to the hub was made'),
  'hub.ticketUsed': () => t('a browser was let into the hub'),
  'hub.ticketRefused': () => t('a browser was not let into the hub'),
  'hub.signedOut': () => t('browsers were signed out'),
  'api.started': () => t('the API was started'),
  'api.stopped': () => t('the API was stopped'),
  'token.shown': () => t('the token was shown'),
  'token.rotated': () => t('the token was exchanged'),
  'backup.created': () => t('a backup was written'),
  'backup.exported': () => t('everything was exported'),
  'backup.restored': () => t('a backup was restored'),
  'audit.exported': () => t('this log was exported'),
  'audit.pruned': () => t('old entries were dropped'),
};

export const auditWord = (type: AuditType): string => WORDS[type]();

/** What may be looked at alone: nouns that types begin with. */
export const AUDIT_GROUPS = {
  all: [],
  connections: ['egress', 'pull', 'model'],
  files: ['file', 'command', 'secret'],
  decisions: ['approval', 'rule', 'trust', 'mcp'],
  logins: ['hub', 'api', 'token', 'key'],
  copies: ['backup', 'audit', 'server'],
} as const;

export type AuditGroup = keyof typeof AUDIT_GROUPS;

const GROUPS: Readonly<Record<AuditGroup, () => string>> = {
  all: () => t('Everything'),
  connections: () => t('Connections and models'),
  files: () => t('Files and commands'),
  decisions: () => t('What you allowed'),
  logins: () => t('Logins and keys'),
  copies: () => t('Copies of the data'),
};

export const auditGroups = (): { value: AuditGroup; text: string }[] =>
  (Object.keys(AUDIT_GROUPS) as AuditGroup[]).map((value) => ({ value, text: GROUPS[value]() }));

/** That a chain is whole, or the first thing that is wrong with it. */
export function verdictText({ log, number, hash, broken }: AuditVerdict): string {
  const name = log === 'workspace' ? t('The log of this folder') : t('The log of this user');
  if (broken !== null) return `${t('{0} is broken.', name)} ${auditBreakText(broken)}`;
  return t('{0} is whole: entry {1} is the last, with the hash {2}.', name, number, hash.slice(0, 16));
}
