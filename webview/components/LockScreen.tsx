import type { ReactNode } from 'react';
import { useHub } from '../stores/hub.ts';
import { useLock } from '../stores/lock.ts';
import { Button } from '../ui/Button.tsx';
import { t } from '../words.ts';
import { EmptyState } from './EmptyState.tsx';
import { PageHeader } from './PageHeader.tsx';

/** What is below it, unless the server is locked: then nothing of it stays on the screen. */
export function LockScreen({ children }: { readonly children: ReactNode }) {
  const { home } = useHub();
  const { run } = home;
  if (useLock() !== 'locked') return children;
  return (
    <>
      <PageHeader title="OSPAiN2" />
      <EmptyState
        icon="privacy"
        title={t('OSPAiN2 is locked')}
        actions={
          run && (
            <Button look="primary" onPress={() => run('ospain2.key.unlock')}>
              {t('Unlock…')}
            </Button>
          )
        }
      >
        {t(
          'What ran is parked and goes on after the passphrase: in VS Code with “OSPAiN2: Unlock”, on a terminal with “ospain2 key unlock”.',
        )}
      </EmptyState>
    </>
  );
}
