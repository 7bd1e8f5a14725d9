/*
 * node directProgram.ts MODEL: the model through node-llama-cpp alone, in a process of its own, set up as the product's worker is.
 * Reads one line of JSON {system, user, tokens} for each request and answers with one: what was spoken, and its times.
 */
import { createInterface } from 'node:readline';
import { getLlama, LlamaLogLevel, resolveChatWrapper } from 'node-llama-cpp';
import type { Asked, Spoken } from './apiClient.ts';

const llama = await getLlama({
  gpu: false,
  build: 'never',
  skipDownload: true,
  progressLogs: false,
  maxThreads: 1,
  logLevel: LlamaLogLevel.error,
});
const model = await llama.loadModel({ modelPath: process.argv[2] ?? '' });
const context = await model.createContext({ contextSize: 2048, threads: 1 });
const sequence = context.getSequence();
const wrapper = resolveChatWrapper(model);
console.log('ready');

for await (const line of createInterface({ input: process.stdin })) {
  const { system = '', user, tokens } = JSON.parse(line) as Asked;
  const start = performance.now();
  const { contextText } = wrapper.generateContextState({
    chatHistory: [
      { type: 'system', text: system },
      { type: 'user', text: user },
      { type: 'model', response: [] },
    ],
  });
  const prompt = contextText.tokenize(model.tokenizer);
  // What is evaluated already is kept, as the product keeps it; a comparison of prefixes is not meant here.
  await sequence.adaptStateToTokens(prompt.slice(0, -1), false);
  const cachedTokens = sequence.nextTokenIndex;
  let made = 0;
  let firstMs = Number.NaN;
  let text = '';
  for await (const token of sequence.evaluate(prompt.slice(sequence.nextTokenIndex), { temperature: 0 })) {
    if (made === 0) firstMs = performance.now() - start;
    if (model.isEogToken(token)) break;
    text += model.detokenize([token]);
    if (++made >= tokens) break;
  }
  if (text.length < made / 4) throw new Error('the text is too short for its tokens');
  const spoken: Spoken = {
    promptTokens: prompt.length,
    cachedTokens,
    tokens: made,
    firstMs,
    ms: performance.now() - start,
  };
  console.log(JSON.stringify(spoken));
}
process.exit(0);
