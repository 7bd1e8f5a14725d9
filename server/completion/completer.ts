import { OspainError, type Result } from '../../protocol/index.ts';
import type { ModelInfo, TextEngine } from '../inference/engine.ts';
import { type CompletionRequest, contextOf } from './context.ts';
import { createRecent } from './recent.ts';
import { type Gap, shape, takesBlock } from './shape.ts';

export interface CompletionSettings {
  enabled: boolean;
  /** Also complete automatically while the machine runs on its battery. */
  onBattery: boolean;
  /** How long nobody must have typed before an automatic completion begins. Milliseconds. */
  delayMs: number;
}

export interface CompleterDeps {
  engine: TextEngine;
  settings: CompletionSettings;
  onMains: () => boolean | Promise<boolean>;
  /** Resolves after `ms` milliseconds, or rejects when the signal aborts. */
  delay: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

type Completion = Result<'completion/inline'>;

/** Suggests what may be typed next. */
export interface Completer {
  /** Rejects with `signal.reason` when the signal aborts; otherwise as the engine does. */
  complete(request: CompletionRequest, signal: AbortSignal): Promise<Completion>;
}

/** The model that completes is the one of this alias, else the default one. */
const FILL = 'fill';
const DEFAULT = 'default';
const TOKENS = { line: 48, block: 256 };

/** The model writes the gap itself, with the tokens that it was trained to fill gaps with; others are asked in words. */
export function createCompleter({ engine, settings, onMains, delay }: CompleterDeps): Completer {
  const recent = createRecent();
  const cannotFill = new Set<string>();

  const findModel = (): { alias: string; info: ModelInfo } | undefined => {
    for (const alias of [FILL, DEFAULT])
      try {
        const info = engine.describe(alias);
        // The embedded model knows nothing of this.
        if (info.profile !== 'tiny') return { alias, info };
      } catch (thrown) {
        if (!(thrown instanceof OspainError) || thrown.code !== 'model_missing') throw thrown;
      }
    return undefined;
  };

  const write = async (request: CompletionRequest, signal: AbortSignal): Promise<string | undefined> => {
    const model = findModel();
    if (model === undefined) return undefined;
    const key = `${model.info.name}@${model.info.version}`;
    const maxTokens = takesBlock(request) ? TOKENS.block : TOKENS.line;
    const shown = contextOf(request, model.info.contextLength - maxTokens - 64);
    const asked: Asked = { engine, model: model.alias, maxTokens, shown, gap: request, signal };
    if (!cannotFill.has(key))
      try {
        return await fill(asked);
      } catch (thrown) {
        if (!(thrown instanceof OspainError) || thrown.code !== 'not_taught') throw thrown;
        cannotFill.add(key);
      }
    return ask(asked);
  };

  return {
    async complete(request, signal) {
      if (!settings.enabled) return { text: null, why: 'off' };
      const known = recent.find(request.path, request);
      if (known !== undefined) return { text: known };
      if (request.automatic) {
        if (!settings.onBattery && !(await onMains())) return { text: null, why: 'battery' };
        await delay(settings.delayMs, signal);
      }
      signal.throwIfAborted();
      const text = await write(request, signal);
      if (text === undefined) return { text: null, why: 'noModel' };
      if (text === '') return { text: null, why: 'nothing' };
      recent.keep(request.path, request, text);
      return { text };
    },
  };
}

interface Asked {
  engine: TextEngine;
  model: string;
  maxTokens: number;
  /** What the model sees, and where its answer goes. */
  shown: Gap;
  gap: Gap;
  signal: AbortSignal;
}

const fill = ({ engine, model, maxTokens, shown, gap, signal }: Asked): Promise<string> =>
  untilShaped(gap, signal, (whole) =>
    engine.complete({ model, ...shown, ...GREEDY, maxTokens, priority: 'interactive', ...whole }),
  );

const ask = ({ engine, model, maxTokens, shown, gap, signal }: Asked): Promise<string> =>
  untilShaped(gap, signal, (whole) =>
    engine.generate({
      model,
      conversation: 'completion',
      system: INSTRUCTION,
      turns: [{ role: 'user', text: `${shown.prefix}<CURSOR>${shown.suffix}` }],
      ...GREEDY,
      maxTokens,
      priority: 'interactive',
      ...whole,
    }),
  );

const GREEDY = { temperature: 0 };
const INSTRUCTION =
  'You complete code. Answer with the text that belongs at <CURSOR> and with nothing else: no explanation, no fences, no code that is there already.';

/** Reads along, and stops the model as soon as what follows would be cut off anyway. */
async function untilShaped(
  gap: Gap,
  signal: AbortSignal,
  run: (whole: { signal: AbortSignal; onText(chunk: string): void }) => Promise<unknown>,
): Promise<string> {
  const enough = new AbortController();
  let raw = '';
  const onText = (chunk: string) => {
    raw += chunk;
    if (shape(unfenced(raw), gap, { isWhole: false }).isFinished) enough.abort(new OspainError('cancelled', 'Enough.'));
  };
  try {
    await run({ signal: AbortSignal.any([signal, enough.signal]), onText });
  } catch (thrown) {
    if (signal.aborted || !enough.signal.aborted) throw thrown;
  }
  return shape(unfenced(raw), gap, { isWhole: true }).text;
}

/** Models that talk put fences around code, whatever they are told. */
const unfenced = (raw: string): string => raw.replace(/^```[^\n]*\n/, '').replace(/\n?```\s*$/, '');
