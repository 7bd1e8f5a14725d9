import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { against, interleave, median, type Report, round } from '../../../scripts/measure.ts';
import { renderCall } from '../../../server/agents/format.ts';
import { callGrammar } from '../../../server/agents/grammar.ts';
import { formsOf, toolsOf } from '../../../server/agents/tools/toolSet.ts';
import type { Turn } from '../../../server/inference/engine.ts';
import { createProcessRuntime } from '../../../server/inference/runtimes/process/processRuntime.ts';
import { startWorker } from '../../../server/inference/worker.ts';
import { writeScriptedModel } from '../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../support/temp.ts';

const ROUNDS = 5;
const LINES = 60;
/** 60 million numbers, nearly all of them zero: a model that repeats itself word for word and takes as long as others. */
const SLOW = { layers: 8, width: 768, inner: 2048 };

/** Decoding of an edit that stands in the transcript already, under the agents' grammar: with and without guesses. */
export async function measureRepeats(report: Report): Promise<void> {
  using folder = tempFolder('bench-repeats');
  const path = join(folder.path, 'repeats.gguf');
  const code = (word: string) =>
    Array.from({ length: LINES }, (_, at) => `${word}${at} = ${word}(${at * 7});`).join('\n');
  const edits = [{ search: code('old'), replace: code('new') }];
  const edit = renderCall({ tool: 'edit_file', path: 'src/a.ts', body: edits });
  writeScriptedModel(path, [{ answers: [edit] }], SLOW);
  const program = fileURLToPath(new URL('../../../server/inference/llama/worker.ts', import.meta.url));
  const worker = startWorker(createProcessRuntime(program));
  try {
    await worker.load({ path, contextSize: 4096, sequences: 2, threads: 1 });
    const asked: Turn = { role: 'user', text: 'Edit it.' };
    const say = async (turns: readonly Turn[], repeats: boolean) => {
      const request = { conversation: 'one', system: '', turns, maxTokens: 1500, temperature: 0, seed: 1, repeats };
      const { text, usage } = await worker.generate(
        { ...request, grammar: { gbnf: callGrammar('full', formsOf(toolsOf('full'))) } },
        new AbortController().signal,
        () => {},
      );
      if (text !== edit) throw new Error('the model did not repeat its answer');
      return ((usage.generatedTokens - 1) * 1000) / (usage.durationMs - usage.firstTokenMs);
    };
    // The worker keeps the tokens of what it said, so the transcript holds them as the model says them again.
    const first = await say([asked], false);
    if (!(first > 0)) throw new Error('nothing was said');
    const turns: Turn[] = [asked, { role: 'assistant', text: edit }, asked];
    const rates = await interleave(ROUNDS, { plain: () => say(turns, false), guessed: () => say(turns, true) });
    const ratio = round(median(rates.guessed.map((rate, at) => rate / (rates.plain[at] ?? rate))));
    report({
      measure: 'decode of an edit that repeats its transcript, with guesses',
      value: round(median(rates.guessed)),
      unit: 'tokens/s',
      vs: 'without',
      ratio,
      ...against('>= 1.5', ratio),
    });
  } finally {
    await worker.dispose();
  }
}
