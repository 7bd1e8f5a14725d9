import type { Pull } from '../../../protocol/pulls.ts';
import { pullProgress, pullStateWord } from '../../../protocol/pullWords.ts';
import { capital } from '../../../protocol/quantities.ts';
import { Problem } from '../../components/Problem.tsx';
import { Progress } from '../../components/Progress.tsx';
import { Section } from '../../components/Section.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { t } from '../../words.ts';

/** Models on their way here. */
export function PullList({ pulls }: { readonly pulls: readonly Pull[] }) {
  return (
    <Section title={t('On their way here')}>
      <ul aria-label={t('Pulls')} className="m-0 flex list-none flex-col gap-3 p-0">
        {pulls.map((pull) => (
          <li key={pull.id}>
            <PullRow pull={pull} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function PullRow({ pull }: { readonly pull: Pull }) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const isHeld = pull.state === 'interrupted' || pull.state === 'failed';
  const resume = () => void run('resume', () => client.request('pull/resume', { pullId: pull.id }));
  const cancel = () => void run('cancel', () => client.request('pull/cancel', { pullId: pull.id }));
  return (
    <div className="flex max-w-3xl flex-col gap-1">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 basis-72 truncate font-mono text-small" title={pull.source}>
          {pull.source}
        </span>
        <span className="text-muted tabular-nums">
          {[pullStateWord(pull.state), ...pullProgress(pull)].join(' · ')}
        </span>
        {isHeld ? (
          <Button onPress={resume} disabled={running !== undefined}>
            {t('Go on')}
          </Button>
        ) : null}
        <Button onPress={cancel} disabled={running !== undefined}>
          {t('Give up')}
        </Button>
      </div>
      <Progress label={t('Pull of {0}', pull.source)} done={pull.received} total={pull.total} />
      {pull.error === null ? null : (
        <p className="text-danger">
          {capital(pull.error.message)} <span className="text-muted">{pull.error.hint}</span>
        </p>
      )}
      {error === undefined ? null : <Problem error={error} />}
    </div>
  );
}
