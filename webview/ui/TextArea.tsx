import { useControlLabel } from './controlLabel.ts';
import { Field, type FieldProps } from './Field.tsx';
import { textOf } from './toolkit.ts';

export interface TextAreaProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Called for Ctrl or Command with Enter. */
  readonly onSubmit?: (() => void) | undefined;
  readonly placeholder?: string | undefined;
  /** Lines in sight. */
  readonly rows?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly disabled?: boolean | undefined;
}

export function TextArea({ label, hideLabel, error, ...props }: TextAreaProps) {
  const { value, onChange, onSubmit, placeholder, rows, maxLength, disabled } = props;
  return (
    <Field label={label} hideLabel={hideLabel} error={error}>
      <vscode-text-area
        ref={useControlLabel(label)}
        className="w-full"
        value={value}
        rows={rows}
        resize="vertical"
        placeholder={placeholder}
        maxlength={maxLength}
        disabled={disabled}
        onInput={(event) => onChange(textOf(event))}
        onKeyDown={({ key, ctrlKey, metaKey }) => key === 'Enter' && (ctrlKey || metaKey) && onSubmit?.()}
      />
    </Field>
  );
}
