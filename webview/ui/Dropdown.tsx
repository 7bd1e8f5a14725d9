import { useControlLabel } from './controlLabel.ts';
import { Field, type FieldProps } from './Field.tsx';
import { textOf } from './toolkit.ts';

export interface Option<Value extends string> {
  readonly value: Value;
  readonly text: string;
}

export interface DropdownProps<Value extends string> extends Omit<FieldProps, 'error'> {
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean | undefined;
}

/** One of a few. */
export function Dropdown<Value extends string>({ label, hideLabel, ...props }: DropdownProps<Value>) {
  const { value, options, onChange, disabled } = props;
  return (
    <Field label={label} hideLabel={hideLabel}>
      <vscode-dropdown
        ref={useControlLabel(label)}
        // The control keeps the value by its place among the options: with others it is another control.
        key={options.map((option) => option.value).join('\n')}
        value={value}
        disabled={disabled}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === textOf(event));
          if (chosen !== undefined && chosen.value !== value) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <vscode-option key={option.value} value={option.value} selected={option.value === value}>
            {option.text}
          </vscode-option>
        ))}
      </vscode-dropdown>
    </Field>
  );
}
