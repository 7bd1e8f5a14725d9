import type { Client } from '../../../protocol/client.ts';
import { formatTime } from '../../../protocol/quantities.ts';
import type { ServerStatus, Setting } from '../../../protocol/server.ts';
import { type Fact, Facts } from '../../components/Facts.tsx';
import { LiveView } from '../../components/LiveView.tsx';
import { Section } from '../../components/Section.tsx';
import { useHub } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { t } from '../../words.ts';
import { SettingRow } from './SettingRow.tsx';

interface Shown {
  readonly status: ServerStatus;
  readonly settings: readonly Setting[];
}

const load = async (client: Client): Promise<Shown> => {
  const [status, { settings }] = await Promise.all([
    client.request('server/status', {}),
    client.request('server/settings', {}),
  ]);
  return { status, settings };
};

const source: LiveSource<Shown> = { load };

/** What the server is, and what it was started with. */
export function ServerSettings() {
  const { home } = useHub();
  const live = useLive(source);
  const run = home.run;
  return (
    <LiveView live={live} loading={t('The settings are being loaded')}>
      {({ status, settings }) => (
        <>
          {status.warnings.length === 0 ? null : <Warnings warnings={status.warnings} />}
          <Section title={t('This server')}>
            <Facts facts={factsOf(status)} />
          </Section>
          <Section
            title={t('What it runs with')}
            detail={
              run === undefined
                ? t(
                    'It keeps these until it ends. They are chosen by who starts it: the editor’s settings, or the command line.',
                  )
                : t('It keeps these until it ends: another value starts it anew.')
            }
            actions={
              run === undefined ? undefined : (
                <Button onPress={() => run('workbench.action.openSettings', '@ext:ospain2.ospain2')}>
                  {t('Open VS Code’s settings')}
                </Button>
              )
            }
          >
            <ul aria-label={t('Settings')} className="m-0 list-none p-0">
              {settings.map((setting) => (
                <li key={setting.name}>
                  <SettingRow setting={setting} />
                </li>
              ))}
            </ul>
          </Section>
        </>
      )}
    </LiveView>
  );
}

const Warnings = ({ warnings }: { readonly warnings: readonly string[] }) => (
  <ul aria-label={t('Warnings')} className="m-0 list-none border-edge border-b bg-side p-0 px-4 py-2">
    {warnings.map((warning) => (
      <li key={warning} className="flex items-start gap-2">
        <Icon name="warning" className="mt-0.5 text-warning" />
        <span className="min-w-0 break-words">{warning}</span>
      </li>
    ))}
  </ul>
);

const factsOf = (status: ServerStatus): Fact[] => [
  { name: t('Version'), value: t('{0}, protocol {1}, Node {2}', status.version, status.protocol, status.node) },
  { name: t('Process'), value: t('{0}, since {1}', String(status.pid), formatTime(status.startedAt)) },
  { name: t('Folder'), value: <span className="break-all">{status.workspace}</span> },
  { name: t('Data folder'), value: <span className="break-all">{status.dataFolder}</span> },
  { name: t('Command line'), value: status.socket ?? t('through another window’s server') },
];
