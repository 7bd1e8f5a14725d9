import { useMemo, useState } from 'react';
import type { LeftOut } from '../../../protocol/horizons.ts';
import { minutesText } from '../../../protocol/minutes.ts';
import { LiveView } from '../../components/LiveView.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub, useItems } from '../../stores/hub.ts';
import { useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { Link } from '../../ui/Link.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { t } from '../../words.ts';
import { usePlan } from './planContext.ts';

const reasons: Readonly<Record<LeftOut, (count: number) => string>> = {
  person: (count) => t('{0} need a person', count),
  blocked: (count) => t('{0} wait for other items', count),
  unestimated: (count) => t('{0} have no estimate', count),
  tooLong: (count) => t('{0} take longer than what is left', count),
  busy: (count) => t('{0} have a task already', count),
};

/** Which items can be done while nobody is there, and a button that has them done. */
export function TonightPanel() {
  const { client } = useHub();
  const { announce, show } = usePlan();
  const [text, setText] = useState('8');
  const hours = Number(text.replace(',', '.'));
  const minutes = hours > 0 && hours <= 168 ? Math.round(hours * 60) : undefined;
  const version = useItems((state) => state.version);
  const source = useMemo(
    () => ({ load: async () => (minutes === undefined ? null : client.request('horizon/tonight', { minutes })) }),
    [client, minutes],
  );
  const live = useLive(source, String(version));
  const action = useAction();
  const fill = (itemIds: string[]) =>
    void action
      .run('fill', () => client.request('horizon/fill', { itemIds }))
      .then((done) => done && announce(t('They start when the machine is idle.')));
  return (
    <>
      <p className="text-muted">
        {t(
          'Items of “now” and “next” that need nobody, wait for nothing and have an estimate, from the top, while they fit.',
        )}
      </p>
      <TextField
        label={t('Hours')}
        value={text}
        onChange={setText}
        error={minutes === undefined ? t('Write a number of hours up to 168.') : undefined}
      />
      {action.error === undefined ? null : <Problem error={action.error} />}
      <LiveView live={live} loading={t('What fits is being looked for')}>
        {(found) =>
          found === null ? null : (
            <>
              <p role="status">
                {found.items.length === 0
                  ? t('Nothing fits.')
                  : t('{0} of {1} are filled.', minutesText(found.minutes), minutesText(minutes ?? 0))}
              </p>
              <ul className="flex flex-col gap-0.5">
                {found.items.map((item) => (
                  <li key={item.id} className="flex gap-2">
                    <span className="min-w-0 flex-1 truncate">
                      <Link onPress={() => show({ name: 'item', item: String(item.number) })}>{item.title}</Link>
                    </span>
                    <span className="text-muted tabular-nums">{minutesText(item.estimate ?? 0)}</span>
                  </li>
                ))}
              </ul>
              {found.items.length === 0 ? null : (
                <div>
                  <Button
                    look="primary"
                    disabled={action.running !== undefined}
                    onPress={() => fill(found.items.slice(0, 100).map(({ id }) => id))}
                  >
                    {t('Do them when the machine is idle')}
                  </Button>
                </div>
              )}
              <ul className="text-muted">
                {(Object.keys(reasons) as LeftOut[]).map((why) =>
                  found.leftOut[why] === 0 ? null : <li key={why}>{reasons[why](found.leftOut[why])}</li>,
                )}
              </ul>
            </>
          )
        }
      </LiveView>
    </>
  );
}
