import type { Model } from '../../../protocol/models.ts';
import { formatBytes } from '../../../protocol/quantities.ts';
import { LiveView } from '../../components/LiveView.tsx';
import { PageBody } from '../../components/PageBody.tsx';
import { PageHeader } from '../../components/PageHeader.tsx';
import { useHub } from '../../stores/hub.ts';
import { useLive } from '../../stores/live.ts';
import { Tabs } from '../../ui/Tabs.tsx';
import { t } from '../../words.ts';
import { Activity } from './Activity.tsx';
import { GetModels } from './GetModels.tsx';
import { ModelList } from './ModelList.tsx';
import { modelsSource, openPulls, pullsSource } from './modelSources.ts';
import { PullList } from './PullList.tsx';

/** The models of the user: what is here, what works, and how more come here. */
export default function ModelsPage({ rest }: { readonly rest: string }) {
  const { place } = useHub();
  const models = useLive(modelsSource);
  const pulls = useLive(pullsSource);
  const open = openPulls(pulls.value ?? []);
  const tab = rest === 'get' ? 'get' : 'here';
  return (
    <>
      <PageHeader title={t('Models')} detail={models.value === undefined ? null : sumText(models.value)} />
      <Tabs
        label={t('Models')}
        current={tab}
        onChange={(name) => place.go(name === 'get' ? 'models/get' : 'models')}
        tabs={[
          { name: 'here', title: t('On this machine'), count: models.value?.length },
          { name: 'get', title: t('Get more'), count: open.length === 0 ? undefined : open.length },
        ]}
      >
        <PageBody>
          {open.length === 0 ? null : <PullList pulls={open} />}
          {tab === 'get' ? (
            <GetModels />
          ) : (
            <LiveView live={models} loading={t('Models are being loaded')}>
              {(all) => (
                <>
                  <ModelList models={all} />
                  <Activity />
                </>
              )}
            </LiveView>
          )}
        </PageBody>
      </Tabs>
    </>
  );
}

function sumText(models: readonly Model[]): string {
  const bytes = formatBytes(models.reduce((sum, model) => sum + model.bytes, 0));
  const loaded = models.filter(({ state }) => state === 'ready').length;
  return loaded === 0
    ? t('{0} on the disk, none in memory', bytes)
    : t('{0} on the disk, {1} in memory', bytes, loaded);
}
