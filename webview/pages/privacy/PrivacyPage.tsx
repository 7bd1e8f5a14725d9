import { useMemo } from 'react';
import type { Api } from '../../../protocol/api.ts';
import type { Client } from '../../../protocol/client.ts';
import type { EgressEntry } from '../../../protocol/egress.ts';
import type { Privacy } from '../../../protocol/privacy.ts';
import { LiveView } from '../../components/LiveView.tsx';
import { PageBody } from '../../components/PageBody.tsx';
import { PageHeader } from '../../components/PageHeader.tsx';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { t } from '../../words.ts';
import { Audit } from './Audit.tsx';
import { Backups } from './Backups.tsx';
import { Egress } from './Egress.tsx';
import { KeptTable } from './KeptTable.tsx';
import { Keys } from './Keys.tsx';
import { Reach } from './Reach.tsx';

interface Shown {
  readonly privacy: Privacy;
  readonly entries: readonly EgressEntry[];
  readonly api: Api | null;
}

/** Connections that are shown. */
const MOST = 10_000;

const load = async (client: Client): Promise<Shown> => {
  const [privacy, { entries }, { api }] = await Promise.all([
    client.request('privacy/show', {}),
    client.request('egress/list', { limit: MOST }),
    client.request('api/show', {}),
  ]);
  return { privacy, entries, api };
};

/** What left this machine, what is kept on it, and who can read that. */
export default function PrivacyPage() {
  const source = useMemo((): LiveSource<Shown> => {
    return {
      load,
      follow: (client, change) => client.on('api/didChange', ({ api }) => change((shown) => ({ ...shown, api }))),
    };
  }, []);
  const live = useLive(source);
  return (
    <>
      <PageHeader
        title={t('Privacy')}
        actions={<IconButton icon="refresh" label={t('Look again')} onPress={live.reload} />}
      />
      <PageBody>
        <LiveView live={live} loading={t('It is being looked at')}>
          {({ privacy, entries, api }) => (
            <>
              <Egress totals={privacy.egress} entries={entries} />
              <Audit />
              <KeptTable privacy={privacy} />
              <Keys privacy={privacy} />
              <Reach trust={privacy.trust} api={api} onChange={live.reload} />
              <Backups onChange={live.reload} />
            </>
          )}
        </LiveView>
      </PageBody>
    </>
  );
}
