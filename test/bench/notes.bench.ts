import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { methods } from '../../protocol/index.ts';
import { against, median, type Report, round, timed } from '../../scripts/measure.ts';
import { createNotes } from '../../server/notes/notes.ts';
import { openDatabase } from '../../server/storage/database.ts';
import { createRandom } from '../support/gguf/random.ts';
import { tempFolder } from '../support/temp.ts';

const NOTES = 10_000;
const WORDS = 300;
const VOCABULARY = 20_000;
const KEY = '0123456789abcdef'.repeat(6);
const ROUNDS = 15;

/** Notes of three hundred words each, in an encrypted database on disk: how long searching, listing, showing and saving take. */
export default async function notesBench(report: Report): Promise<void> {
  using folder = tempFolder('bench-notes');
  const db = await openDatabase({ file: join(folder.path, 'ospain2.db'), key: KEY });
  try {
    const notes = createNotes({ db, now: Date.now, onChange() {}, onRemove() {} });
    const random = createRandom(1);
    // As in a language, few words are in most texts and most words in few.
    const word = () => spelled(Math.floor(VOCABULARY ** random()));
    const text = (n: number) =>
      `# Note ${n}\n\n[[note ${(n * 7) % NOTES}]] #tag${n % 500}\n\n${Array.from({ length: WORDS }, word).join(' ')}\n`;
    const made = await timed(() => {
      for (let from = 0; from < NOTES; from += 100)
        db.transaction(() => {
          for (let n = from; n < from + 100; n++)
            notes.save({ path: `folder ${n % 50}/note ${n}.md`, text: text(n), base: null });
        })();
    });
    report({ measure: `${NOTES} notes imported`, value: round(made / NOTES, 3), unit: 'ms a note' });
    const measure = async (name: string, goal: number, run: (at: number) => unknown) => {
      const times: number[] = [];
      for (let at = 0; at < ROUNDS; at++) {
        times.push(await timed(() => run(at)));
        await rest(5);
      }
      report({ measure: name, value: round(median(times)), unit: 'ms', ...against(`<= ${goal}`, median(times)) });
      report({ measure: `${name}, the slowest of ${ROUNDS}`, value: round(Math.max(...times)), unit: 'ms' });
    };
    const search = (words: string) => notes.search(methods['note/search'].params.parse({ text: words }));
    await measure('search for a rare word', 50, (at) => search(spelled(15_000 + at)));
    await measure('search for the commonest word, half typed', 50, () => search(spelled(1).slice(0, 3)));
    await measure('search for two common words', 50, (at) => search(`${spelled(2)} ${spelled(3 + at)}`));
    await measure('search for a word with a tag', 50, (at) => search(`${spelled(5)} #tag${at}`));
    await measure('a page of 500 notes', 50, () => notes.list(methods['note/list'].params.parse({ limit: 500 })));
    await measure('names for a link', 50, (at) => notes.find({ text: `note ${at}`, limit: 20 }));
    await measure('a note with its links and backlinks', 50, (at) => notes.show(`folder ${at}/note ${at}.md`));
    await measure('a note saved', 50, (at) => {
      const path = `folder ${at}/note ${at}.md`;
      return notes.save({ path, text: `${text(at)}more\n`, base: notes.stat(path).version });
    });
  } finally {
    db.close();
  }
}

const SYLLABLES = [
  'ba',
  'ce',
  'di',
  'fo',
  'gu',
  'ha',
  'ke',
  'li',
  'mo',
  'nu',
  'pa',
  're',
  'si',
  'to',
  'vu',
  'wa',
  'xe',
];

/** The word with this number: spread over the alphabet, so that what is half typed means some words and not all. */
function spelled(number: number): string {
  let rest = (number * 7919) % 83_521;
  let word = '';
  for (let at = 0; at < 4; at++) {
    word += SYLLABLES[rest % SYLLABLES.length];
    rest = Math.floor(rest / SYLLABLES.length);
  }
  return word;
}
