import { lazy, Suspense, useEffect, useRef } from 'react';
import { ConnectionBanner } from './components/ConnectionBanner.tsx';
import { EmptyState } from './components/EmptyState.tsx';
import { ErrorBoundary } from './components/ErrorBoundary.tsx';
import { LockScreen } from './components/LockScreen.tsx';
import { Moving } from './components/Moving.tsx';
import { OfflineNotice } from './components/OfflineNotice.tsx';
import { Rail } from './components/Rail.tsx';
import { Toasts } from './components/Toasts.tsx';
import { pages } from './pages/table.ts';
import { usePlace } from './stores/hub.ts';
import { parsePlace } from './stores/place.ts';
import { Spinner } from './ui/Spinner.tsx';
import { t } from './words.ts';

const components = new Map(pages.map(({ name, load }) => [name, lazy(load)]));

/** The frame of all pages: the rail, the state of the connection, and the page of the place. */
export function App() {
  const { page: asked, rest } = parsePlace(usePlace());
  const name = asked === '' ? (pages[0]?.name ?? '') : asked;
  const page = pages.find((each) => each.name === name);
  const Component = components.get(name);
  const main = useRef<HTMLElement>(null);
  const shown = useRef(name);
  useEffect(() => {
    document.title = page === undefined ? 'OSPAiN2' : `${page.title()} · OSPAiN2`;
    // Who goes to another page by keyboard goes on from its beginning.
    if (shown.current !== name) main.current?.focus();
    shown.current = name;
  }, [name, page]);
  return (
    <Moving>
      <div className="flex h-full">
        <Rail pages={pages} current={name} />
        <div className="flex min-w-0 flex-1 flex-col">
          <ConnectionBanner />
          <OfflineNotice />
          <main ref={main} tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
            <LockScreen>
              <ErrorBoundary key={name}>
                {Component === undefined ? (
                  <EmptyState icon="question" title={t('There is no such page')}>
                    {t('The address may be of another version. The pages are on the left.')}
                  </EmptyState>
                ) : (
                  <Suspense fallback={<Loading />}>
                    <Component rest={rest} />
                  </Suspense>
                )}
              </ErrorBoundary>
            </LockScreen>
          </main>
        </div>
      </div>
      <Toasts />
    </Moving>
  );
}

const Loading = () => (
  <div className="p-4">
    <Spinner label={t('The page is being loaded')} />
  </div>
);
