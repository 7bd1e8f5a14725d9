import type { McpServer } from './mcp.ts';
import { t } from './words.ts';

/** What a server says of a tool besides its own words: nobody has to believe it. Empty, or with a blank in front. */
export function saysText({
  readOnly,
  destructive,
}: Pick<McpServer['tools'][number], 'readOnly' | 'destructive'>): string {
  if (destructive) return ` (${t('says that it may destroy something')})`;
  return readOnly ? ` (${t('says that it only reads')})` : '';
}
