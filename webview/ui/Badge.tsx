/** A small number or word beside a name. The toolkit's own writes a style into its markup, which the page's policy refuses. */
export function Badge({ children }: { readonly children: string | number }) {
  return (
    <span className="shrink-0 rounded-full bg-badge px-1.5 text-badge-ink text-small hc:outline hc:outline-edge">
      {children}
    </span>
  );
}
