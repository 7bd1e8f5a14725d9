import type { ReactNode } from 'react';
import { Icon, type IconName } from '../ui/Icon.tsx';

export interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  /** What this place is for and how something comes here, in a sentence or two. */
  readonly children: ReactNode;
  /** The buttons that bring something here. */
  readonly actions?: ReactNode;
}

/** What a page shows while it has nothing: it teaches what the page is for. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-start gap-2 px-4 py-16">
      <Icon name={icon} className="mb-2 size-8 text-muted" />
      <h2 className="text-large font-semibold">{title}</h2>
      <p className="text-muted">{children}</p>
      {actions === undefined ? null : <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
