interface CodeBoxProps {
  /** Said by screen readers. */
  readonly label: string;
  readonly children: string;
}

/** Text letter by letter, in a box of its own that scrolls. */
export function CodeBox({ label, children }: CodeBoxProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
      tabIndex={0}
      className="max-h-64 overflow-auto rounded bg-code p-2"
    >
      <pre className="m-0 whitespace-pre-wrap break-words font-mono">{children}</pre>
    </section>
  );
}
