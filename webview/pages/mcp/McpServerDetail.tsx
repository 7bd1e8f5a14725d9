import { useState } from 'react';
import type { McpServer } from '../../../protocol/mcp.ts';
import { Facts } from '../../components/Facts.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Link } from '../../ui/Link.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { t } from '../../words.ts';
import { McpAgreement } from './McpAgreement.tsx';
import { McpTools } from './McpTools.tsx';

interface McpServerDetailProps {
  readonly server: McpServer;
  readonly onChange: () => void;
}

/** What a server runs and offers, and what can be done with it. */
export function McpServerDetail({ server, onChange }: McpServerDetailProps) {
  const { client, home } = useHub();
  const openFile = home.run;
  const { running, error, run } = useAction();
  const [log, setLog] = useState<readonly string[]>();
  const { name, state, why, needsAgreement } = server;
  const act = (label: string, work: () => Promise<unknown>) => run(label, work).then(onChange);
  const showLog = () => run('log', async () => setLog((await client.request('mcp/log', { name })).lines));
  const isBusy = running !== undefined;
  return (
    <div className="flex flex-col gap-3 py-2 pr-4 pb-4 pl-10">
      {why === null ? null : <p className="break-words text-danger">{why}</p>}
      {state === 'unasked' ? (
        <McpAgreement
          server={server}
          isBusy={isBusy}
          onAgree={(believed) =>
            void act('allow', () => client.request('mcp/allow', { name, runs: server.runs, believed }))
          }
        />
      ) : (
        <div className="flex flex-wrap items-center gap-2">
          <Button disabled={isBusy} onPress={() => void act('restart', () => client.request('mcp/restart', { name }))}>
            {state === 'idle' ? t('Start it now') : t('Restart')}
          </Button>
          <Button disabled={isBusy} onPress={() => void showLog()}>
            {t('Show its log')}
          </Button>
          {needsAgreement ? (
            <Button disabled={isBusy} onPress={() => void act('forbid', () => client.request('mcp/forbid', { name }))}>
              {t('Take the agreement back')}
            </Button>
          ) : null}
          {running === 'restart' ? <Spinner label={t('It is being started')} /> : null}
        </div>
      )}
      {error === undefined ? null : <Problem error={error} />}
      <Facts
        facts={[
          { name: t('Runs'), value: <code className="break-all font-mono text-small">{server.runs}</code> },
          {
            name: t('Written in'),
            value: (
              <>
                <span className="break-all">{server.file}</span>{' '}
                {openFile === undefined ? null : (
                  <Link onPress={() => openFile('ospain2.mcp.servers', name, 'Open File')}>{t('Open it')}</Link>
                )}
              </>
            ),
          },
          { name: t('Where'), value: server.remote ? t('on another machine') : t('on this machine, as you') },
          {
            name: t('Believed'),
            value: server.believed
              ? t('tools that say that they only read run without asking')
              : t('all its tools are asked about'),
          },
        ]}
      />
      <McpTools server={server} />
      {log === undefined ? null : <Log lines={log} />}
    </div>
  );
}

const Log = ({ lines }: { readonly lines: readonly string[] }) => (
  <section aria-label={t('Log')}>
    <h2 className="font-semibold">{t('The last lines of its log')}</h2>
    {lines.length === 0 ? (
      <p className="text-muted">{t('It wrote nothing.')}</p>
    ) : (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys too
      <pre tabIndex={0} className="max-h-64 overflow-auto rounded bg-code p-2 font-mono text-small">
        {lines.join('\n')}
      </pre>
    )}
  </section>
);
