import { useState } from 'react';
import type { McpServer } from '../../../protocol/mcp.ts';
import { mcpStateWords } from '../../../protocol/mcpWords.ts';
import { Icon, type IconName } from '../../ui/Icon.tsx';
import { plural, t } from '../../words.ts';
import { McpServerDetail } from './McpServerDetail.tsx';

interface McpServerListProps {
  readonly servers: readonly McpServer[];
  readonly onChange: () => void;
}

/** All servers, of which one may be open; one that waits for an agreement is at first. */
export function McpServerList({ servers, onChange }: McpServerListProps) {
  const [open, setOpen] = useState(() => servers.find(({ state }) => state === 'unasked')?.name);
  return (
    <ul aria-label={t('MCP servers')} className="m-0 list-none p-0 py-1">
      {servers.map((server) => {
        const isOpen = server.name === open;
        return (
          <li key={server.name} className={isOpen ? 'border-edge border-y bg-side' : ''}>
            <McpServerRow server={server} isOpen={isOpen} onToggle={() => setOpen(isOpen ? undefined : server.name)} />
            {isOpen ? <McpServerDetail server={server} onChange={onChange} /> : null}
          </li>
        );
      })}
    </ul>
  );
}

const looks: Readonly<Record<McpServer['state'], readonly [icon: IconName, color: string]>> = {
  unasked: ['question', 'text-warning'],
  idle: ['circle', 'text-muted'],
  starting: ['spinner', 'text-busy motion:animate-spin'],
  ready: ['done', 'text-good'],
  failed: ['error', 'text-danger'],
};

interface McpServerRowProps {
  readonly server: McpServer;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function McpServerRow({ server, isOpen, onToggle }: McpServerRowProps) {
  const { name, state, tools, source, remote } = server;
  const [icon, color] = looks[state];
  const facts = [
    mcpStateWords[state](),
    ...(tools.length === 0 ? [] : [plural('{0} tool|{0} tools', tools.length)]),
    ...(source === 'workspace' ? [t('from the folder')] : []),
    ...(remote ? [t('another machine')] : []),
  ];
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="flex min-h-8 w-full items-center gap-2.5 px-4 py-1 text-left hover:bg-hover"
    >
      <Icon name={isOpen ? 'down' : 'right'} className="text-muted" />
      <Icon name={icon} className={color} />
      <span className="min-w-0 shrink-0 max-w-1/2 truncate">{name}</span>
      <span className="min-w-0 flex-1 truncate text-muted">{facts.join(' · ')}</span>
    </button>
  );
}
