import { useHub } from '../stores/hub.ts';
import { useLineState } from '../stores/lineState.ts';
import { Icon } from '../ui/Icon.tsx';
import { t } from '../words.ts';

/** Says that the server cannot be asked, and why; nothing while it can. What is shown below it is as it was last seen. */
export function ConnectionBanner() {
  const { line } = useHub();
  const state = useLineState();
  const end = 'end' in state ? state.end : undefined;
  return (
    <div role="status">
      {end === undefined ? null : (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-edge border-b bg-raised px-4 py-1.5">
          <Icon name="warning" className="text-warning" />
          <span className="min-w-0 flex-1">
            {end.message} <span className="text-muted">{end.hint}</span>
          </span>
          <button type="button" className="text-link underline-offset-2 hover:underline" onClick={() => line.reopen()}>
            {t('Connect now')}
          </button>
        </div>
      )}
    </div>
  );
}
