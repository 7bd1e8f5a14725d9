import type { ReactNode } from 'react';

export interface FieldProps {
  /** Said by screen readers, and shown above the control unless `hideLabel`. */
  readonly label: string;
  readonly hideLabel?: boolean | undefined;
  /** What is wrong with the value, one sentence. */
  readonly error?: string | undefined;
}

/** A control with what stands above and below it; the control itself says the label. */
export function Field({ label, hideLabel = false, error, children }: FieldProps & { readonly children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      {hideLabel ? null : <span aria-hidden="true">{label}</span>}
      {children}
      {error === undefined ? null : (
        <p role="alert" className="text-small text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
