import { cliPage } from './cliPage.ts';
import { errorTable } from './errorTable.ts';
import { methodList } from './methodList.ts';

/** Each page that is made of the program, as it should be: of what it is, where only a part of it is made. */
export const pages: Readonly<Record<string, (now: string) => string>> = {
  'docs/cli.md': cliPage,
  'docs/troubleshooting.md': (now) => replacePart(now, 'errors', errorTable()),
  'docs/protocol.md': (now) => replacePart(now, 'methods', methodList()),
};

/** Replaces what stands between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
function replacePart(text: string, name: string, part: string): string {
  const [begin, end] = [`<!-- begin ${name}: npm run docs -->\n`, `\n<!-- end ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no part ${name}`);
  return `${text.slice(0, from + begin.length)}${part}${text.slice(to)}`;
}
