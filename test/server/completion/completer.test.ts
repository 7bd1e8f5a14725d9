import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError, type Profile } from '../../../protocol/index.ts';
import { type CompleterDeps, createCompleter } from '../../../server/completion/completer.ts';
import type { CompletionRequest } from '../../../server/completion/context.ts';
import type { Answer, Completion, Generation } from '../../../server/inference/engine.ts';

const usage = { promptTokens: 1, cachedTokens: 0, generatedTokens: 1, firstTokenMs: 1, durationMs: 1 };
const request: CompletionRequest = {
  path: 'a.ts',
  language: 'typescript',
  prefix: 'const a = ',
  suffix: '\n',
  neighbours: [],
  automatic: true,
};

interface Bench {
  models?: Record<string, Profile>;
  fills?: boolean;
  says?: string[];
  settings?: Partial<CompleterDeps['settings']>;
  onMains?: boolean;
}

/** The real models are slow and say what they like; what is tested here is what becomes of their words. */
function bench({
  models = { fill: 'small' },
  fills = true,
  says = ['b', '\nrest'],
  settings,
  onMains = true,
}: Bench = {}) {
  const asked: (Completion | Generation)[] = [];
  const delays: number[] = [];
  const speak = async (request: Completion | Generation): Promise<Answer> => {
    asked.push(request);
    for (const chunk of says) {
      request.signal.throwIfAborted();
      request.onText(chunk);
    }
    request.signal.throwIfAborted();
    return { text: says.join(''), stop: 'end', usage };
  };
  const completer = createCompleter({
    engine: {
      describe(name) {
        const profile = models[name];
        if (profile === undefined) throw new OspainError('model_missing', `There is no ${name}.`);
        return { name, version: '1.0.0', profile, contextLength: 2048 };
      },
      complete: async (completion) => {
        if (fills) return speak(completion);
        asked.push(completion);
        throw new OspainError('not_taught', 'No tokens for gaps.');
      },
      generate: speak,
      embed: () => Promise.reject(new Error('nobody embeds here')),
    },
    settings: { enabled: true, onBattery: false, delayMs: 150, ...settings },
    onMains: () => onMains,
    delay: async (ms, signal) => {
      delays.push(ms);
      signal.throwIfAborted();
    },
  });
  const never = new AbortController().signal;
  return {
    asked,
    delays,
    complete: (more: Partial<CompletionRequest> = {}, signal = never) =>
      completer.complete({ ...request, ...more }, signal),
  };
}

test('fills the gap with the model of the alias, after a pause, and stops it when the line is full', async () => {
  const { asked, delays, complete } = bench({ models: { fill: 'small', default: 'full' } });
  assert.deepEqual(await complete(), { text: 'b' });
  assert.deepEqual(delays, [150]);
  const [first] = asked;
  assert.ok(first && 'suffix' in first);
  assert.equal(first.model, 'fill');
  assert.equal(first.priority, 'interactive');
  assert.match(first.prefix, /const a = $/);
  assert.equal(first.signal.aborted, true);
});

test('asks once for what is typed along, and again for what is not', async () => {
  const { asked, complete } = bench({ says: ['b + c\n'] });
  await complete();
  assert.deepEqual(await complete({ prefix: 'const a = b' }), { text: ' + c' });
  assert.equal(asked.length, 1);
  await complete({ prefix: 'const a = x' });
  assert.equal(asked.length, 2);
});

test('a model without tokens for gaps is asked in words, and fences are taken off', async () => {
  const { asked, complete } = bench({ fills: false, says: ['```ts\n', 'b', '\n```'] });
  assert.deepEqual(await complete(), { text: 'b' });
  assert.deepEqual(await complete({ path: 'b.ts' }), { text: 'b' });
  assert.deepEqual(
    asked.map((each) => ('turns' in each ? 'words' : 'gap')),
    ['gap', 'words', 'words'],
  );
});

test('says why there is nothing', async () => {
  const none = async (given: Bench, more: Partial<CompletionRequest> = {}) => (await bench(given).complete(more)).why;
  assert.equal(await none({ settings: { enabled: false } }), 'off');
  assert.equal(await none({ models: {} }), 'noModel');
  assert.equal(await none({ models: { default: 'tiny' } }), 'noModel');
  assert.equal(await none({ onMains: false }), 'battery');
  assert.equal(await none({ onMains: false, settings: { onBattery: true } }), undefined);
  assert.equal(await none({ onMains: false }, { automatic: false }), undefined);
  assert.equal(await none({ says: ['  \n'] }), 'nothing');
});

test('a key that is hit meanwhile ends it, and an error of the model is not hidden', async () => {
  const controller = new AbortController();
  controller.abort(new OspainError('cancelled', 'A key was hit.'));
  await assert.rejects(bench().complete({}, controller.signal), { code: 'cancelled' });
  const { complete } = bench({ says: [] });
  const broken = bench({ models: { fill: 'small' } });
  broken.asked.push = () => {
    throw new OspainError('worker_failed', 'The worker died.');
  };
  await assert.rejects(broken.complete(), { code: 'worker_failed' });
  assert.deepEqual(await complete(), { text: null, why: 'nothing' });
});
