import type { ReactNode } from 'react';

export interface LinkProps {
  readonly children: ReactNode;
  readonly onPress: () => void;
}

/** An action that reads as a part of the text. */
export function Link({ children, onPress }: LinkProps) {
  return (
    <button type="button" onClick={onPress} className="text-link underline-offset-2 hover:underline">
      {children}
    </button>
  );
}
