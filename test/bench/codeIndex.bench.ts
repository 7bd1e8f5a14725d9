import { median, type Report, round, timed } from '../../scripts/measure.ts';
import { indexBench, never, rawBytes } from '../server/codeIndex/fixture.ts';
import { createRandom } from '../support/gguf/random.ts';

const FILES = 2000;
const QUERIES = 50;

/** What keeping the index costs, and what a search does, in a workspace of some thousand files. */
export default async function codeIndex(report: Report): Promise<void> {
  const random = createRandom(1);
  const words = Array.from(
    { length: 3000 },
    (_, at) => `${SYLLABLES[at % 20]}${SYLLABLES[(at * 7) % 19]}${at.toString(36)}`,
  );
  const word = () => words[Math.floor(random() * words.length)] ?? '';
  const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
  const define = () =>
    `/** ${word()} ${word()} ${word()}. */\nexport function ${word()}${capital(word())}(${word()}: number): number {\n${Array.from({ length: 8 }, () => `  const ${word()} = ${word()} + ${word()};`).join('\n')}\n  return 1;\n}\n`;
  const texts = Object.fromEntries(
    Array.from({ length: FILES }, (_, at) => [`src/${word()}/${at}.ts`, Array.from({ length: 6 }, define).join('\n')]),
  );
  await using bench = indexBench(texts);
  const index = await bench.open();
  const first = await timed(() => index.refresh({ anew: false }, never));
  const size = Object.values(texts).reduce((sum, text) => sum + text.length, 0);
  report({
    measure: `first round, ${FILES} files of ${round(size / 1e6)} MB`,
    value: round(first / FILES, 3),
    unit: 'ms a file',
  });
  await index.stop();
  report({ measure: 'on disk', value: round(rawBytes(bench.file).length / size, 2), unit: 'of the text' });

  const again = await bench.open();
  const restart = await timed(() => again.refresh({ anew: false }, never));
  report({
    measure: 'restart with nothing changed',
    value: round(restart / FILES, 3),
    unit: 'ms a file',
    vs: 'first round',
    ratio: round(restart / first, 4),
  });
  const [path = ''] = Object.keys(texts);
  bench.write(path, define());
  const change = await timed(() => again.refresh({ anew: false }, never));
  report({
    measure: 'one file changed',
    value: round(change),
    unit: 'ms',
    vs: 'restart',
    ratio: round(change / restart, 3),
  });
  const searches: number[] = [];
  for (let at = 0; at < QUERIES; at++) {
    const query = `${word()} ${word()} ${word()}`;
    searches.push(await timed(() => again.search(query, 10, never)));
  }
  report({ measure: 'search of three words, files looked at anew', value: round(median(searches)), unit: 'ms' });
}

const SYLLABLES = [
  'ka',
  'lo',
  'mi',
  'ne',
  'pu',
  'ra',
  'so',
  'ti',
  'va',
  'xe',
  'do',
  'fi',
  'ga',
  'he',
  'ju',
  'ki',
  'la',
  'mo',
  'nu',
  'pe',
];
