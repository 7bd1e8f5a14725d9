import { useControlLabel } from './controlLabel.ts';
import { Field, type FieldProps } from './Field.tsx';
import { textOf } from './toolkit.ts';

export interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Called for the Enter key. */
  readonly onEnter?: (() => void) | undefined;
  readonly placeholder?: string | undefined;
  readonly type?: 'text' | 'password' | 'url' | undefined;
  readonly maxLength?: number | undefined;
  readonly disabled?: boolean | undefined;
}

export function TextField({ label, hideLabel, error, ...props }: TextFieldProps) {
  const { value, onChange, onEnter, placeholder, type, maxLength, disabled } = props;
  return (
    <Field label={label} hideLabel={hideLabel} error={error}>
      <vscode-text-field
        ref={useControlLabel(label)}
        className="w-full"
        value={value}
        type={type}
        placeholder={placeholder}
        maxlength={maxLength}
        disabled={disabled}
        onInput={(event) => onChange(textOf(event))}
        onKeyDown={({ key, nativeEvent }) => key === 'Enter' && !nativeEvent.isComposing && onEnter?.()}
      />
    </Field>
  );
}
