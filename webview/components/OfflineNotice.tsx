import { useState } from 'react';
import { formatTime } from '../../protocol/quantities.ts';
import { useLineState } from '../stores/lineState.ts';
import { useOffline } from '../stores/offline.ts';
import { Icon } from '../ui/Icon.tsx';
import { plural, t } from '../words.ts';
import { UnsentDialog } from './UnsentDialog.tsx';

/** Says what is shown while the server is away, what waits to be sent, and what the server did not take. */
export function OfflineNotice() {
  const offline = useOffline();
  const { name } = useLineState();
  const [isOpen, setOpen] = useState(false);
  if (offline === undefined) return null;
  const { keptAt, unsent } = offline;
  const refused = unsent.filter(({ problem }) => problem !== null).length;
  const isAway = name === 'waiting' && keptAt !== undefined;
  if (!isAway && unsent.length === 0) return null;
  return (
    <div role="status">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-edge border-b bg-raised px-4 py-1.5">
        <Icon name={refused > 0 ? 'warning' : 'info'} className={refused > 0 ? 'text-warning' : 'text-busy'} />
        <span className="min-w-0 flex-1">
          {isAway ? (
            <>
              {t('What you see is as of {0}.', formatTime(keptAt))}{' '}
              <span className="text-muted">
                {t('What you write is kept here, and sent when the server is back.')}
              </span>{' '}
            </>
          ) : null}
          {refused > 0 ? refusedText(refused) : unsent.length > 0 ? waitingText(unsent.length) : null}
        </span>
        {unsent.length === 0 ? null : (
          <button type="button" className="text-link underline-offset-2 hover:underline" onClick={() => setOpen(true)}>
            {refused > 0 ? t('Decide…') : t('Show')}
          </button>
        )}
      </div>
      {isOpen && unsent.length > 0 ? <UnsentDialog onClose={() => setOpen(false)} /> : null}
    </div>
  );
}

const waitingText = (count: number): string =>
  plural('{0} change waits to be sent.|{0} changes wait to be sent.', count);

const refusedText = (count: number): string =>
  plural('The server did not take {0} change.|The server did not take {0} changes.', count);
