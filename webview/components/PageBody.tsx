import type { ReactNode } from 'react';

/** What of a page scrolls, by keys too. */
export function PageBody({ children }: { readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: there may be nothing in it that takes the focus
    <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto">
      {children}
    </div>
  );
}
