import type { EgressEntry } from '../../../protocol/egress.ts';
import type { Privacy } from '../../../protocol/privacy.ts';
import { formatBytes, formatTime } from '../../../protocol/quantities.ts';
import { Section } from '../../components/Section.tsx';
import { type RowFocus, VirtualList } from '../../components/VirtualList.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { plural, t } from '../../words.ts';

interface EgressProps {
  readonly totals: Privacy['egress'];
  readonly entries: readonly EgressEntry[];
}

const ROW = 42;
/** Rows in sight at most. */
const MOST = 8;

/** Every connection to another machine, in plain words. */
export function Egress({ totals, entries }: EgressProps) {
  if (totals.connections === 0)
    return (
      <Section title={t('What left this machine')}>
        <p className="flex items-center gap-2 text-large">
          <Icon name="privacy" className="size-5 text-good" />
          {t('Nothing ever left this machine.')}
        </p>
        <p className="max-w-2xl text-muted">
          {t(
            'OSPAiN2 connects to another machine only within an action that you agree to, such as pulling a model. Each such connection is written down here before it is made, and stays.',
          )}
        </p>
      </Section>
    );
  return (
    <Section title={t('What left this machine')} detail={sumText(totals)}>
      <div className="flex flex-col" style={{ height: ROW * Math.min(entries.length, MOST) }}>
        <VirtualList
          label={t('Connections')}
          count={entries.length}
          rowHeight={ROW}
          keyOf={(index) => String(entries[index]?.id)}
          row={(index, focus) => <EgressRow entry={entries[index]} focus={focus} />}
        />
      </div>
      <p className="text-muted">{t('Nothing else left this machine. The list cannot be changed, by anybody.')}</p>
    </Section>
  );
}

function sumText({ connections, sent, received }: EgressProps['totals']): string {
  const made = plural('{0} connection was made.|{0} connections were made.', connections);
  return `${made} ${t('{0} went out, {1} came in.', formatBytes(sent), formatBytes(received))}`;
}

function EgressRow({ entry, focus }: { readonly entry: EgressEntry | undefined; readonly focus: RowFocus }) {
  if (entry === undefined) return null;
  const { at, host, port, purpose, sent, received } = entry;
  const traffic =
    sent === null || received === null
      ? t('open, or cut off')
      : t('{0} out, {1} in', formatBytes(sent), formatBytes(received));
  return (
    <div {...focus} className="flex h-full flex-col justify-center border-edge border-b px-1">
      <div className="flex gap-3">
        <span className="min-w-0 flex-1 truncate">
          {host}:{port}
        </span>
        <span className="shrink-0 text-muted tabular-nums">{traffic}</span>
      </div>
      <div className="flex gap-3 text-muted">
        <span className="min-w-0 flex-1 truncate">{purpose}</span>
        <span className="shrink-0 tabular-nums">{formatTime(at)}</span>
      </div>
    </div>
  );
}
