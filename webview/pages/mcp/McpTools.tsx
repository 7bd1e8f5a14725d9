import type { McpServer } from '../../../protocol/mcp.ts';
import { Badge } from '../../ui/Badge.tsx';
import { t } from '../../words.ts';

/** The tools of a server, in its own words: they are its claim. */
export function McpTools({ server }: { readonly server: McpServer }) {
  const { tools, leftOut, state } = server;
  if (tools.length === 0 && leftOut.length === 0)
    return state === 'unasked' ? null : (
      <p className="text-muted">{t('Its tools are known when it was started once.')}</p>
    );
  return (
    <section aria-label={t('Tools')}>
      <h2 className="font-semibold">{t('Its tools, as it describes them')}</h2>
      <ul className="m-0 flex list-none flex-col gap-1 p-0">
        {tools.map(({ name, does, readOnly, destructive }) => (
          <li key={name} className="flex flex-wrap items-baseline gap-x-2">
            <code className="font-mono">{name}</code>
            {destructive ? <Badge>{t('says that it may destroy something')}</Badge> : null}
            {readOnly && !destructive ? <Badge>{t('says that it only reads')}</Badge> : null}
            <span className="min-w-0 break-words text-muted">{does}</span>
          </li>
        ))}
        {leftOut.map(({ name, why }) => (
          <li key={name} className="flex flex-wrap items-baseline gap-x-2">
            <code className="font-mono text-muted line-through">{name}</code>
            <span className="min-w-0 break-words text-warning">{t('left out: {0}', why)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
