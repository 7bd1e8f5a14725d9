import './toolkit.ts';
import type { ReactNode } from 'react';

export interface ButtonProps {
  readonly children: ReactNode;
  readonly onPress: () => void;
  /** One of a page is `primary`; it is `secondary` where nothing is said. */
  readonly look?: 'primary' | 'secondary';
  readonly disabled?: boolean | undefined;
}

export function Button({ children, onPress, look = 'secondary', disabled }: ButtonProps) {
  return (
    <vscode-button appearance={look} disabled={disabled} onClick={disabled ? undefined : onPress}>
      {children}
    </vscode-button>
  );
}
