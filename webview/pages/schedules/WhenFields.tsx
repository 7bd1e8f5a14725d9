import { whenOffers } from '../../../protocol/scheduleTimes.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { Link } from '../../ui/Link.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { t } from '../../words.ts';
import { type DraftProblem, type ScheduleDraft, whenPart } from './scheduleDraft.ts';

interface WhenFieldsProps {
  readonly draft: ScheduleDraft;
  readonly missing: DraftProblem | undefined;
  readonly onChange: (part: Partial<ScheduleDraft>) => void;
}

/** When a schedule is due: some usual times to choose, and any other to write. */
export function WhenFields({ draft, missing, onChange }: WhenFieldsProps) {
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-x-3 gap-y-1">
        <span className="text-muted">{t('Usual times:')}</span>
        <Offers onChange={onChange} />
      </div>
      <div className="grid grid-cols-1 gap-3 narrow:grid-cols-3">
        <Dropdown
          label={t('Due')}
          value={draft.due}
          options={[
            { value: 'cron', text: t('again and again') },
            { value: 'at', text: t('once') },
          ]}
          onChange={(due) => onChange({ due })}
        />
        {draft.due === 'at' ? (
          <TextField
            label={t('Time')}
            value={draft.time}
            placeholder="18:30 / 2027-01-31 02:00"
            error={missing === 'time' ? t('Write a time that is still to come, as in 18:30.') : undefined}
            onChange={(time) => onChange({ time })}
          />
        ) : (
          <Again draft={draft} missing={missing} onChange={onChange} />
        )}
      </div>
    </div>
  );
}

function Offers({ onChange }: Pick<WhenFieldsProps, 'onChange'>) {
  return whenOffers(Date.now()).map(({ label, description, when }) => {
    if (typeof when === 'string') return null;
    return (
      <Link key={label} onPress={() => onChange(whenPart(when))}>
        {label} <span className="text-muted">{description}</span>
      </Link>
    );
  });
}

function Again({ draft, missing, onChange }: WhenFieldsProps) {
  return (
    <>
      <TextField
        label={t('Cron expression')}
        value={draft.cron}
        placeholder="0 6 * * MON-FRI"
        error={missing === 'cron' ? t('Write a cron expression.') : undefined}
        onChange={(cron) => onChange({ cron })}
      />
      <TextField
        label={t('Time zone (or nothing)')}
        value={draft.timeZone}
        placeholder={Intl.DateTimeFormat().resolvedOptions().timeZone}
        onChange={(timeZone) => onChange({ timeZone })}
      />
      <Dropdown
        label={t('Due times with no server running')}
        value={draft.misfire}
        options={[
          { value: 'once', text: t('run once for all of them') },
          { value: 'skip', text: t('leave them out') },
          { value: 'all', text: t('run each of them') },
        ]}
        onChange={(misfire) => onChange({ misfire })}
      />
    </>
  );
}
