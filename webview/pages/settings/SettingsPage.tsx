import { PageBody } from '../../components/PageBody.tsx';
import { PageHeader } from '../../components/PageHeader.tsx';
import { useHub } from '../../stores/hub.ts';
import { Tabs } from '../../ui/Tabs.tsx';
import { t } from '../../words.ts';
import { Rules } from './Rules.tsx';
import { ServerSettings } from './ServerSettings.tsx';

/** What the server runs with, and the rules by which tasks ask. */
export default function SettingsPage({ rest }: { readonly rest: string }) {
  const { place } = useHub();
  return (
    <>
      <PageHeader title={t('Settings')} />
      <Tabs
        label={t('Settings')}
        current={rest === 'rules' ? 'rules' : 'server'}
        onChange={(name) => place.go(name === 'rules' ? 'settings/rules' : 'settings')}
        tabs={[
          { name: 'server', title: t('The server') },
          { name: 'rules', title: t('Rules of approvals') },
        ]}
      >
        <PageBody>{rest === 'rules' ? <Rules /> : <ServerSettings />}</PageBody>
      </Tabs>
    </>
  );
}
