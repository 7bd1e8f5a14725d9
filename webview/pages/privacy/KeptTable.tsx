import type { Privacy } from '../../../protocol/privacy.ts';
import { formatBytes } from '../../../protocol/quantities.ts';
import { Section } from '../../components/Section.tsx';
import { useHub } from '../../stores/hub.ts';
import { Icon } from '../../ui/Icon.tsx';
import { t } from '../../words.ts';
import { keptCounts, keptName, keptUntil } from './keptText.ts';

/** What is on the disk, how much of it, and until when. */
export function KeptTable({ privacy }: { readonly privacy: Privacy }) {
  const { home } = useHub();
  const bytes = privacy.kept.reduce((sum, kept) => sum + kept.bytes, 0);
  return (
    <Section title={t('What is kept')} detail={t('{0} on this machine, and nowhere else.', formatBytes(bytes))}>
      <ul aria-label={t('What is kept')} className="m-0 list-none p-0">
        {privacy.kept.map((kept) => (
          <li key={kept.path} className="flex items-start gap-3 border-edge border-b py-1.5">
            <Icon
              name={kept.encrypted ? 'privacy' : 'notes'}
              className={`mt-0.5 ${kept.encrypted ? 'text-good' : 'text-muted'}`}
            />
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap gap-x-2">
                <span>{keptName(kept)}</span>
                <span className="text-muted">{keptCounts(kept)}</span>
              </div>
              <div className="text-muted">{keptUntil(kept, privacy.retention)}</div>
              <div className="break-all font-mono text-muted text-small">{kept.path}</div>
            </div>
            <div className="shrink-0 text-right">
              <div className="tabular-nums">{formatBytes(kept.bytes)}</div>
              <div className="text-muted">{kept.encrypted ? t('encrypted') : t('as it is')}</div>
            </div>
          </li>
        ))}
      </ul>
      {home.kind === 'browser' ? (
        <p className="flex items-start gap-2">
          <Icon name="warning" className="mt-0.5 text-warning" />
          {t(
            'This browser, too, keeps a copy of tasks, notes and the plan, to show them while the server is away. It is not encrypted: it is as safe as the browser’s profile.',
          )}
        </p>
      ) : null}
    </Section>
  );
}
