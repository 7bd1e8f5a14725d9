import { useMemo, useState } from 'react';
import type { AuditEntry, AuditVerdict } from '../../../protocol/audit.ts';
import { formatTime } from '../../../protocol/quantities.ts';
import { LiveView } from '../../components/LiveView.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Section } from '../../components/Section.tsx';
import { type RowFocus, VirtualList } from '../../components/VirtualList.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { t } from '../../words.ts';
import { AUDIT_GROUPS, type AuditGroup, auditGroups, auditWord, verdictText } from './auditText.ts';

const ROW = 42;
/** Rows in sight at most, and entries that are shown: more are for the command line. */
const IN_SIGHT = 8;
const MOST = 500;

/** What was done here and by whom, newest first, and whether all of it is as it was written. */
export function Audit() {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const [group, setGroup] = useState<AuditGroup>('all');
  const [verdicts, setVerdicts] = useState<readonly AuditVerdict[]>([]);
  const source = useMemo((): LiveSource<readonly AuditEntry[]> => {
    const types = [...AUDIT_GROUPS[group]];
    const asked = { limit: MOST, ...(types.length > 0 && { types }) };
    return { load: async (client) => (await client.request('audit/list', asked)).entries };
  }, [group]);
  const live = useLive(source);
  const verify = async () => {
    setVerdicts([]);
    await run('verify', async () => setVerdicts((await client.request('audit/verify', {})).logs));
    live.reload();
  };
  return (
    <Section
      title={t('Audit log')}
      detail={t(
        'What was done here, by whom. Each entry holds a hash of the one before it, so that nobody can change or drop one unseen.',
      )}
    >
      <div className="flex flex-wrap items-end gap-2">
        <Dropdown label={t('What is shown')} value={group} options={auditGroups()} onChange={setGroup} />
        <Button disabled={running !== undefined} onPress={() => void verify()}>
          {t('Verify')}
        </Button>
      </div>
      <div role="status" className="flex flex-col gap-1">
        {verdicts.map((verdict) => (
          <p key={verdict.log} className="flex items-start gap-2">
            <Icon
              name={verdict.broken === null ? 'privacy' : 'warning'}
              className={`mt-0.5 ${verdict.broken === null ? 'text-good' : 'text-warning'}`}
            />
            <span className="min-w-0 break-words">{verdictText(verdict)}</span>
          </p>
        ))}
      </div>
      {error === undefined ? null : <Problem error={error} />}
      <LiveView live={live} loading={t('The log is being read')}>
        {(entries) => <Entries entries={entries} />}
      </LiveView>
    </Section>
  );
}

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }) {
  if (entries.length === 0) return <p className="text-muted">{t('Nothing of that is written down.')}</p>;
  return (
    <div className="flex flex-col" style={{ height: ROW * Math.min(entries.length, IN_SIGHT) }}>
      <VirtualList
        label={t('Audit log')}
        count={entries.length}
        rowHeight={ROW}
        keyOf={(index) => `${entries[index]?.log} ${entries[index]?.number}`}
        row={(index, focus) => <EntryRow entry={entries[index]} focus={focus} />}
      />
    </div>
  );
}

function EntryRow({ entry, focus }: { readonly entry: AuditEntry | undefined; readonly focus: RowFocus }) {
  if (entry === undefined) return null;
  const { at, type, actor, subject } = entry;
  return (
    <div {...focus} className="flex h-full flex-col justify-center border-edge border-b px-1">
      <div className="flex gap-3">
        <span className="min-w-0 flex-1 truncate">{auditWord(type)}</span>
        <span className="shrink-0 text-muted tabular-nums">{formatTime(at)}</span>
      </div>
      <div className="flex gap-3 text-muted">
        <span className="min-w-0 flex-1 truncate">{subject}</span>
        <span className="shrink-0">{actor}</span>
      </div>
    </div>
  );
}
