/** What a translation must not change: what is filled in, where links lead, code, lines that VS Code makes buttons of. */

const kept = [
  ['placeholder', /\{\w+\}/g],
  ['link', /\]\([^)]*\)/g],
  ['code', /`[^`]*`/g],
  ['line break', /\n/g],
  ['ellipsis at the end', /…$/g],
] as const;

/** How `text` differs from the English one in these; nothing where they agree. Their order is the language's own. */
export function differences(english: string, text: string): string[] {
  const found = (pattern: RegExp, from: string) => (from.match(pattern) ?? []).sort().join(' ');
  return [
    ...(text.trim() === '' ? ['no text'] : []),
    ...kept
      .filter(([, pattern]) => found(pattern, english) !== found(pattern, text))
      .map(([name]) => `another ${name}`),
  ];
}
