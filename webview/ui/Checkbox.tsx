import type { ReactNode } from 'react';
import { checkedOf } from './toolkit.ts';

export interface CheckboxProps {
  readonly children: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean | undefined;
}

export function Checkbox({ children, checked, onChange, disabled }: CheckboxProps) {
  return (
    <vscode-checkbox
      checked={checked}
      disabled={disabled}
      onChange={(event) => {
        // The control changes also when it is told to.
        if (checkedOf(event) !== checked) onChange(checkedOf(event));
      }}
    >
      {children}
    </vscode-checkbox>
  );
}
