import { join } from 'node:path';
import { readGgufFileInfo } from 'node-llama-cpp';
import { against, interleave, median, type Report, round, timed } from '../../scripts/measure.ts';
import { readGguf } from '../../server/models/gguf/read.ts';
import { feed } from '../server/models/gguf/feed.ts';
import { goodHeaders } from '../server/models/gguf/headers.ts';
import { hostileHeaders } from '../server/models/gguf/hostile.ts';
import { type Mutant, mutantsOf } from '../server/models/gguf/mutations.ts';
import { createRandom } from '../support/gguf/random.ts';
import { writeRandomModel } from '../support/gguf/randomModel.ts';
import { createVocabulary } from '../support/gguf/vocabulary.ts';
import { tempFolder } from '../support/temp.ts';

const TOKENS = 150_000;
const MUTANTS = 10_000;
const ROUNDS = 9;

/** How long the header of a model takes: of one with a large vocabulary, of damaged ones, and of the worst that were thought of. */
export default async function header(report: Report): Promise<void> {
  await measureVocabulary(report);
  const mutants = mutantsOf(goodHeaders, createRandom(1));
  const damaged = Array.from({ length: MUTANTS }, () => best(mutants.next().value));
  tell(report, `${MUTANTS} damaged headers`, damaged);
  const hostile = Array.from(hostileHeaders(), best);
  tell(report, `${hostile.length} hostile headers`, hostile);
}

async function measureVocabulary(report: Report): Promise<void> {
  using folder = tempFolder('bench-header');
  const path = join(folder.path, 'large.gguf');
  const words = Array.from({ length: TOKENS }, (_, i) => ({ text: `Ġword${i.toString(36)}`, kind: 'normal' as const }));
  const merges = { strings: words.map(({ text }) => `${text.slice(0, 3)} ${text.slice(3)}`) };
  writeRandomModel(path, {
    width: 32,
    vocabulary: createVocabulary(words),
    metadata: { 'tokenizer.ggml.merges': merges },
  });
  const ms = await interleave(ROUNDS, {
    own: () => timed(() => readGguf(path)),
    library: () => timed(() => readGgufFileInfo(path)),
  });
  const ratio = round(median(ms.own.map((own, i) => own / (ms.library[i] ?? 1))), 3);
  report({
    measure: `header with ${TOKENS} tokens and as many merges`,
    value: round(median(ms.own)),
    unit: 'ms',
    vs: 'readGgufFileInfo of node-llama-cpp',
    ratio,
    ...against('<= 50', median(ms.own)),
  });
}

function tell(report: Report, measure: string, ms: readonly number[]): void {
  const sorted = ms.toSorted((a, b) => a - b);
  const most = sorted.at(-1) ?? 0;
  report({ measure: `${measure}, median`, value: round(median(ms), 3), unit: 'ms of CPU' });
  report({
    measure: `${measure}, p99.9`,
    value: round(sorted[Math.floor(ms.length * 0.999)] ?? most, 3),
    unit: 'ms of CPU',
  });
  report({ measure: `${measure}, longest`, value: round(most), unit: 'ms of CPU', ...against('<= 50', most) });
}

/** The least of three times that this thread computed, since a busy machine interrupts any of them. Milliseconds. */
function best(mutant: Mutant): number {
  const times = Array.from({ length: 3 }, () => {
    const before = process.threadCpuUsage();
    feed(mutant);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}
