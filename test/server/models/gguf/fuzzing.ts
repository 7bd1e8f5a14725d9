import { createRandom } from '../../../support/gguf/random.ts';
import { feed } from './feed.ts';
import { goodHeaders } from './headers.ts';
import { hostileHeaders } from './hostile.ts';
import { mutantsOf } from './mutations.ts';

/*
 * Reads mutants in a process of its own and sends one report. Arguments: seed, how many.
 */

export interface FuzzReport {
  read: number;
  refused: number;
  /** Places of the reader that refused one. */
  reasons: number;
  mostRead: number;
  largestRequest: number;
  mostGrown: number;
  /** The mutant that took the most memory. */
  worst: string;
}

const [seed = 1, count = 1000] = process.argv.slice(2).map(Number);
const report: FuzzReport = {
  read: 0,
  refused: 0,
  reasons: 0,
  mostRead: 0,
  largestRequest: 0,
  mostGrown: 0,
  worst: '',
};
const reasons = new Set<string>();
const hostile = hostileHeaders();
const mutants = mutantsOf(goodHeaders, createRandom(seed));
for (let i = 0; i < count; i++) {
  const first = hostile.next();
  const mutant = first.done === true ? mutants.next().value : first.value;
  // What was left over by the one before must not hide what this one takes.
  if (first.done !== true || i % 200 === 0) globalThis.gc?.();
  const fed = feed(mutant);
  if (fed.refused === null) report.read++;
  else report.refused++;
  if (fed.refused !== null) reasons.add(fed.refused);
  report.mostRead = Math.max(report.mostRead, fed.read);
  report.largestRequest = Math.max(report.largestRequest, fed.largest);
  if (fed.grown > report.mostGrown) [report.mostGrown, report.worst] = [fed.grown, mutant.how];
}
report.reasons = reasons.size;
if (process.send === undefined) console.log(report, [...reasons]);
else process.send(report);
