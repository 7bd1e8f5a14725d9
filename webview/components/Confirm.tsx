import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../ui/Button.tsx';
import { t } from '../words.ts';

export interface ConfirmProps {
  readonly question: string;
  /** What comes of it. */
  readonly children?: ReactNode;
  /** The word on the button. */
  readonly yes: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** A question before something that is not taken back, where it was asked for. It takes the focus; Escape leaves. */
export function Confirm({ question, children, yes, onYes, onNo }: ConfirmProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div
      ref={box}
      role="alertdialog"
      aria-label={question}
      tabIndex={-1}
      className="flex max-w-2xl flex-col gap-2 rounded border border-edge bg-raised p-3"
      onKeyDown={({ key }) => key === 'Escape' && onNo()}
    >
      <p className="font-semibold">{question}</p>
      {children}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onPress={onYes}>
          {yes}
        </Button>
        <Button onPress={onNo}>{t('Cancel')}</Button>
      </div>
    </div>
  );
}
