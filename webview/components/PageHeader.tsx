import type { ReactNode } from 'react';

export interface PageHeaderProps {
  readonly title: string;
  /** A few words on what is shown, such as how many. */
  readonly detail?: ReactNode;
  readonly actions?: ReactNode;
}

/** The first line of a page: the same height on each, so that nothing jumps between them. */
export function PageHeader({ title, detail, actions }: PageHeaderProps) {
  return (
    <header className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-edge border-b px-4 py-1.5">
      <h1 className="font-semibold text-large">{title}</h1>
      <div className="min-w-0 flex-1 truncate text-muted">{detail}</div>
      <div className="flex items-center gap-2">{actions}</div>
    </header>
  );
}
