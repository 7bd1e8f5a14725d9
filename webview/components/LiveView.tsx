import type { ReactNode } from 'react';
import { OspainError } from '../../protocol/errors.ts';
import type { Live, LiveStore } from '../stores/live.ts';
import { Button } from '../ui/Button.tsx';
import { Spinner } from '../ui/Spinner.tsx';
import { t } from '../words.ts';
import { Problem } from './Problem.tsx';

interface LiveViewProps<T> {
  readonly live: Live<T> & Pick<LiveStore<T>, 'reload'>;
  /** Said while there is nothing to show yet. */
  readonly loading: string;
  readonly children: (value: T) => ReactNode;
}

/** What the server said, as it was last heard; what keeps it from being known; or that it is on its way. */
export function LiveView<T>({ live, loading, children }: LiveViewProps<T>) {
  const { value, error, reload } = live;
  // That there is no line is said above all pages.
  const isSaid = value !== undefined && error !== undefined && OspainError.from(error).code === 'unavailable';
  return (
    <>
      {error === undefined || isSaid ? null : (
        <Problem error={error} actions={<Button onPress={reload}>{t('Try again')}</Button>} />
      )}
      {value !== undefined ? children(value) : error === undefined ? <Waiting label={loading} /> : null}
    </>
  );
}

const Waiting = ({ label }: { readonly label: string }) => (
  <div className="p-4">
    <Spinner label={label} />
  </div>
);
