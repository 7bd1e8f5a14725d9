import type { McpServer, McpState } from './mcp.ts';
import { t } from './words.ts';

/** The state of a server in a few words. */
export const mcpStateWords: Readonly<Record<McpState, () => string>> = {
  unasked: () => t('waits for your agreement'),
  idle: () => t('starts when a task needs it'),
  starting: () => t('starting'),
  ready: () => t('ready'),
  failed: () => t('failed'),
};

/** What a server says of a tool besides its own words: nobody has to believe it. Empty, or with a blank in front. */
export function saysText({
  readOnly,
  destructive,
}: Pick<McpServer['tools'][number], 'readOnly' | 'destructive'>): string {
  if (destructive) return ` (${t('says that it may destroy something')})`;
  return readOnly ? ` (${t('says that it only reads')})` : '';
}
