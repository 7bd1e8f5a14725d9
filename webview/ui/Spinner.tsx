import { Icon } from './Icon.tsx';

/** Something is on its way; the label is said by screen readers. */
export function Spinner({ label }: { readonly label: string }) {
  return (
    <span role="status" data-loading className="inline-flex items-center gap-2 text-muted">
      <Icon name="spinner" className="motion:animate-spin text-busy" />
      <span className="sr-only">{label}</span>
    </span>
  );
}
