/** The number of the first line that is a marker of a conflict, from 1; undefined when there is none. */
export function firstMarker(text: string): number | undefined {
  const at = text.split('\n').findIndex((line) => /^(<{7} |>{7} |={7}\r?$)/.test(line));
  return at < 0 ? undefined : at + 1;
}
