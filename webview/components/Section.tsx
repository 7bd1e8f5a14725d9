import { type ReactNode, useId } from 'react';

export interface SectionProps {
  readonly title: string;
  /** A sentence on what it is about. */
  readonly detail?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page under a heading of its own. */
export function Section({ title, detail, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        <div className="min-w-0 flex-1 basis-64 text-muted">{detail}</div>
        {actions}
      </div>
      {children}
    </section>
  );
}
