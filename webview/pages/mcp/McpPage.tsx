import type { McpServer, McpServers } from '../../../protocol/mcp.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { LiveView } from '../../components/LiveView.tsx';
import { PageBody } from '../../components/PageBody.tsx';
import { PageHeader } from '../../components/PageHeader.tsx';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { plural, t } from '../../words.ts';
import { McpProblems } from './McpProblems.tsx';
import { McpServerList } from './McpServerList.tsx';

const serversSource: LiveSource<McpServers> = {
  load: (client) => client.request('mcp/list', {}),
  follow: (client, change) => client.on('mcp/didChange', (servers) => change(() => servers)),
};

/** Servers of the Model Context Protocol whose tools agents may use. */
export default function McpPage() {
  const live = useLive(serversSource);
  const servers = live.value?.servers ?? [];
  return (
    <>
      <PageHeader title={t('MCP servers')} detail={servers.length === 0 ? null : countText(servers)} />
      <PageBody>
        <LiveView live={live} loading={t('MCP servers are being loaded')}>
          {({ servers, problems, userFile }) => (
            <>
              {problems.length === 0 ? null : <McpProblems problems={problems} />}
              {servers.length === 0 ? (
                <Nothing userFile={userFile} />
              ) : (
                <McpServerList servers={servers} onChange={live.reload} />
              )}
            </>
          )}
        </LiveView>
      </PageBody>
    </>
  );
}

function countText(servers: readonly McpServer[]): string {
  const unasked = servers.filter(({ state }) => state === 'unasked').length;
  const all = plural('{0} server|{0} servers', servers.length);
  if (unasked === 0) return all;
  return `${all}, ${plural('{0} waits for your agreement|{0} wait for your agreement', unasked)}`;
}

const EXAMPLE = `{
  "servers": {
    "docs": { "command": "npx", "args": ["some-mcp-server"] }
  }
}`;

const Nothing = ({ userFile }: { readonly userFile: string }) => (
  <>
    <EmptyState icon="mcp" title={t('No MCP servers for agents')}>
      {t(
        'An MCP server is a program that gives agents more tools. Yours are written in a file in your data folder, a folder’s own in its .vscode/mcp.json; one that came with a folder is used only after you agreed to exactly what it runs.',
      )}
    </EmptyState>
    <div className="mx-auto -mt-12 max-w-md px-4 pb-8">
      <p className="break-all font-mono text-small">{userFile}</p>
      <pre className="whitespace-pre-wrap rounded bg-code p-2 font-mono text-small">{EXAMPLE}</pre>
    </div>
  </>
);
