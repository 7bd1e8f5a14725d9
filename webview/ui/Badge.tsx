import './toolkit.ts';

/** A small number or word beside a name. */
export function Badge({ children }: { readonly children: string | number }) {
  return <vscode-badge>{children}</vscode-badge>;
}
