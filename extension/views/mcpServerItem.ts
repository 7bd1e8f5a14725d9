import type { McpServer } from '../../protocol/mcp.ts';
import { mcpStateWords } from '../../protocol/mcpWords.ts';
import { plural, t } from '../../protocol/words.ts';

/** What is shown of an MCP server where one is chosen. */
export interface McpServerLook {
  label: string;
  description: string;
  detail: string;
}

const ICONS: Record<McpServer['state'], string> = {
  unasked: 'question',
  idle: 'circle-outline',
  starting: 'loading~spin',
  ready: 'pass-filled',
  failed: 'error',
};

export function mcpServerLook({ name, state, tools, source, remote, runs, why }: McpServer): McpServerLook {
  const facts = [
    mcpStateWords[state](),
    ...(tools.length > 0 ? [plural('{0} tool|{0} tools', tools.length)] : []),
    ...(source === 'workspace' ? [t('from the folder')] : []),
    ...(remote ? [t('another machine')] : []),
  ];
  return { label: `$(${ICONS[state]}) ${plain(name)}`, description: facts.join(' · '), detail: plain(why ?? runs) };
}

/** One line of the status report. */
export const mcpServerLine = ({ name, state, tools, why }: McpServer): string => {
  const facts = [
    mcpStateWords[state](),
    ...(tools.length > 0 ? [plural('{0} tool|{0} tools', tools.length)] : []),
    ...(why === null ? [] : [plain(why)]),
  ];
  return `- ${plain(name)}: ${facts.join(', ')}`;
};

/** Icons are written in labels as `$(name)`; a server's own words are none. */
const plain = (text: string): string => text.replaceAll('$(', '$ (').replace(/\s+/g, ' ');
