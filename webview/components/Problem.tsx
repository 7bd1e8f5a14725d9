import type { ReactNode } from 'react';
import { OspainError } from '../../protocol/errors.ts';
import { Icon } from '../ui/Icon.tsx';

export interface ProblemProps {
  /** Whatever was thrown. */
  readonly error: unknown;
  /** What to try, beside the hint. */
  readonly actions?: ReactNode;
}

/** What went wrong: its code, what happened and what to do. */
export function Problem({ error, actions }: ProblemProps) {
  const { code, message, hint } = OspainError.from(error);
  return (
    <div role="alert" className="flex max-w-2xl items-start gap-2 px-4 py-3">
      <Icon name="error" className="mt-0.5 text-danger" />
      <div className="flex min-w-0 flex-col gap-1">
        <p>{message}</p>
        {hint === undefined ? null : <p className="text-muted">{hint}</p>}
        <p className="font-mono text-small text-muted">{code}</p>
        {actions === undefined ? null : <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
