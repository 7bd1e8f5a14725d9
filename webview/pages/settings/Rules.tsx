import type { WrittenRule } from '../../../protocol/approvals.ts';
import type { Result } from '../../../protocol/methods.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { LiveView } from '../../components/LiveView.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Section } from '../../components/Section.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { Icon, type IconName } from '../../ui/Icon.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Link } from '../../ui/Link.tsx';
import { t } from '../../words.ts';
import { RuleForm } from './RuleForm.tsx';
import { bareRule, ruleKey, ruleText, sourceText } from './ruleText.ts';

const source: LiveSource<Result<'approval/rules'>> = { load: (client) => client.request('approval/rules', {}) };

/** All rules, wherever they are written down. */
export function Rules() {
  const { home } = useHub();
  const live = useLive(source);
  const run = home.run;
  return (
    <LiveView live={live} loading={t('The rules are being loaded')}>
      {({ rules, problems, userFile }) => (
        <>
          {problems.map((problem) => (
            <p key={problem} className="flex items-start gap-2 px-4 py-2">
              <Icon name="warning" className="mt-0.5 text-warning" />
              <span className="min-w-0 break-words">{problem}</span>
            </p>
          ))}
          <RuleForm onAdded={live.reload} />
          {rules.length === 0 ? (
            <EmptyState icon="check" title={t('No rules yet')}>
              {t(
                'Without a rule each call that acts is asked about. A rule lets a tool or a command pass, has it asked about, or denies it; what can hardly be undone is asked about in any case.',
              )}
            </EmptyState>
          ) : (
            <Section title={t('Rules')} detail={t('Deny goes before ask, and ask before allow.')}>
              <ul aria-label={t('Rules')} className="m-0 list-none p-0">
                {rules.map((rule) => (
                  <li key={ruleKey(rule)}>
                    <RuleRow rule={rule} onRemoved={live.reload} />
                  </li>
                ))}
              </ul>
            </Section>
          )}
          <p className="px-4 pb-3 text-muted">
            {t('Yours for all folders are in')} <span className="break-all font-mono text-small">{userFile}</span>{' '}
            {run === undefined ? null : (
              <Link onPress={() => run('ospain2.approval.editRules')}>{t('Edit the file')}</Link>
            )}
          </p>
        </>
      )}
    </LiveView>
  );
}

const looks: Readonly<Record<WrittenRule['does'], readonly [icon: IconName, color: string, word: () => string]>> = {
  allow: ['done', 'text-good', () => t('allow')],
  ask: ['question', 'text-warning', () => t('ask')],
  deny: ['blocked', 'text-danger', () => t('deny')],
};

function RuleRow({ rule, onRemoved }: { readonly rule: WrittenRule; readonly onRemoved: () => void }) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const [icon, color, word] = looks[rule.does];
  const { ruleId } = rule;
  const remove = () =>
    ruleId === null
      ? client.request('approval/removeRule', { rule: bareRule(rule) })
      : client.request('approval/forget', { ruleId });
  return (
    <>
      <div className="flex items-center gap-2.5 border-edge border-b py-1">
        <Icon name={icon} className={color} />
        <span className="w-14 shrink-0">{word()}</span>
        <span className="flex min-w-0 flex-1 flex-col gap-x-3 narrow:flex-row">
          <span className="min-w-0 flex-1 break-words font-mono text-small">{ruleText(rule)}</span>
          <span className="text-muted">{sourceText(rule)}</span>
        </span>
        {rule.source === 'folder' ? (
          <span className="size-6" />
        ) : (
          <IconButton
            icon="remove"
            label={t('Remove the rule {0}', ruleText(rule))}
            disabled={running !== undefined}
            onPress={() => void run('remove', remove).then((isGone) => isGone && onRemoved())}
          />
        )}
      </div>
      {error === undefined ? null : <Problem error={error} />}
    </>
  );
}
