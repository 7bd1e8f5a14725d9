import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { IconButton } from '../ui/IconButton.tsx';
import { t } from '../words.ts';

export interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** The buttons at its end. */
  readonly actions?: ReactNode;
  /** Called for Escape and the button that closes it: whoever shows it takes it away. */
  readonly onClose: () => void;
}

/** Something to do first. It is there while it is rendered: it takes the focus, keeps it, and gives it back. */
export function Dialog({ title, children, actions, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // While it is still in the page, since the browser gives the focus back only then.
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-auto w-[34rem] max-w-[calc(100%-1.5rem)] rounded-md border border-edge bg-ground p-0 text-ink shadow-[0_4px_16px_var(--vscode-widget-shadow)] backdrop:bg-[#0006]"
    >
      <div className="flex max-h-[80vh] flex-col">
        <header className="flex items-center gap-2 py-2 pr-2 pl-4">
          <h2 id={id} className="min-w-0 flex-1 font-semibold text-large">
            {title}
          </h2>
          <IconButton icon="close" label={t('Close')} onPress={onClose} />
        </header>
        <div className="flex min-h-0 flex-col gap-3 overflow-y-auto px-4 pb-4">{children}</div>
        {actions === undefined ? null : (
          <footer className="flex flex-wrap justify-end gap-2 border-edge border-t px-4 py-3">{actions}</footer>
        )}
      </div>
    </dialog>
  );
}
