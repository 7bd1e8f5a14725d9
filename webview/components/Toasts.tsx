import { AnimatePresence } from 'motion/react';
import * as m from 'motion/react-m';
import { useStore } from 'zustand';
import { useHub } from '../stores/hub.ts';
import type { Toast } from '../stores/toasts.ts';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Link } from '../ui/Link.tsx';
import { t } from '../words.ts';

const away = { opacity: 0, y: 8 };

/** What was done or failed lately, below everything else. Screen readers say it when it comes. */
export function Toasts() {
  const { toasts } = useHub();
  const shown = useStore(toasts, (state) => state.toasts);
  return (
    <section
      aria-label={t('Messages')}
      aria-live="polite"
      className="pointer-events-none fixed right-3 bottom-3 z-20 flex w-80 max-w-[calc(100%-1.5rem)] flex-col gap-2"
    >
      <AnimatePresence initial={false}>
        {shown.map((toast) => (
          <m.div
            key={toast.id}
            initial={away}
            animate={{ opacity: 1, y: 0 }}
            exit={away}
            transition={{ duration: 0.15 }}
            className="pointer-events-auto"
          >
            <OneToast toast={toast} />
          </m.div>
        ))}
      </AnimatePresence>
    </section>
  );
}

function OneToast({ toast }: { readonly toast: Toast }) {
  const { toasts } = useHub();
  const { id, kind, text, hint, action } = toast;
  const close = () => toasts.close(id);
  return (
    <div className="flex items-start gap-2 rounded border border-edge bg-raised py-2 pr-1 pl-3 shadow-[0_2px_8px_var(--vscode-widget-shadow)]">
      {kind === 'failed' ? (
        <Icon name="error" className="mt-0.5 text-danger" />
      ) : (
        <Icon name="info" className="mt-0.5 text-busy" />
      )}
      <div className="min-w-0 flex-1">
        <p>{text}</p>
        {hint === undefined ? null : <p className="text-muted">{hint}</p>}
        {action === undefined ? null : (
          <Link
            onPress={() => {
              close();
              action.run();
            }}
          >
            {action.title}
          </Link>
        )}
      </div>
      <IconButton icon="close" label={t('Close')} onPress={close} />
    </div>
  );
}
