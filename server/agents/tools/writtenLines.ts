/** The body of a call as lines of a file: without blank ones at the end, and without the fence that models like to put around. */
export function writtenLines(body: string, path: string): string[] {
  const lines = body.split('\n');
  while (lines.at(-1)?.trim() === '') lines.pop();
  const isFenced = /^```[\w-]*$/.test(lines[0] ?? '') && lines.length > 1 && lines.at(-1) === '```';
  return isFenced && !/\.(md|mdx|markdown)$/i.test(path) ? lines.slice(1, -1) : lines;
}
