import { useState } from 'react';
import { useHub } from '../stores/hub.ts';
import { useOffline } from '../stores/offline.ts';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { t } from '../words.ts';
import { Dialog } from './Dialog.tsx';

/** Ends this browser's session, and all that it keeps goes with it; nothing in VS Code. */
export function SignOut() {
  const { home, offline } = useHub();
  const unsent = useOffline()?.unsent.length ?? 0;
  const [asks, setAsks] = useState(false);
  const { session } = home;
  if (session === undefined) return null;
  const signOut = async () => {
    // Without the server what is kept goes all the same; its session ends by its own time.
    await session.leave().catch(() => {});
    await offline?.wipe();
    location.reload();
  };
  return (
    <div className="mt-auto flex justify-center pt-2 roomy:justify-start">
      <IconButton icon="signOut" label={t('Sign this browser out')} onPress={() => setAsks(true)} />
      {asks ? (
        <Dialog
          title={t('Sign this browser out?')}
          onClose={() => setAsks(false)}
          actions={
            <>
              <Button onPress={() => setAsks(false)}>{t('Stay')}</Button>
              <Button look="primary" onPress={() => void signOut()}>
                {t('Sign out')}
              </Button>
            </>
          }
        >
          <p>
            {t('What this browser keeps of tasks, notes and the plan is removed. It is let in again by a new link.')}
          </p>
          {unsent === 0 ? null : (
            <p>
              <strong>{t('{0} changes were not sent yet, and are lost with it.', unsent)}</strong>
            </p>
          )}
        </Dialog>
      ) : null}
    </div>
  );
}
