import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Llama as LlamaBinding, LlamaModel } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';
import { missingVisualC, VISUAL_C_HINT } from '../../visualC.ts';
import type {
  Backend,
  Embedded,
  EmbedParams,
  Generated,
  Loaded,
  LoadParams,
  Parked,
  ParkParams,
} from '../workerProtocol.ts';
import { useBackends } from './backends.ts';
import { type Crowd, createBatching } from './batching.ts';
import { findChatWrapper } from './chatWrapper.ts';
import { type CompletionRequest, complete } from './completion.ts';
import { createEmbedder } from './embedding.ts';
import { createErrorTail } from './errorTail.ts';
import { canFill } from './fill.ts';
import { generate, type Request } from './generation.ts';
import type { Llama } from './library.ts';
import { createGate, type Listener } from './pace.ts';
import { held, park, restore, STATE_FORM } from './parking.ts';
import { createGuesses } from './repeats.ts';
import { createSlots } from './slots.ts';
import { priorityOf, type Speaker } from './speaker.ts';
import { tellingSteps } from './steps.ts';

/** A loaded model. Several requests may run at one time; all reject with `cancelled` when their listener says so. */
export interface LoadedModel {
  readonly loaded: Loaded;
  /** Rejects with `context_full`, or with `not_taught` where the model only embeds. */
  generate(request: Request, listener: Listener): Promise<Generated>;
  complete(request: CompletionRequest, listener: Listener): Promise<Generated>;
  embed(params: EmbedParams, listener: Listener): Promise<Embedded>;
  /** The state of a conversation, to and from the memory file. */
  park(params: ParkParams, listener: Listener): Promise<Parked | null>;
  held(conversation: string): number;
  restore(conversation: string, listener: Listener): Promise<null>;
}

export interface LoadListener {
  /** llama.cpp runs; the model is read when the promise resolves. */
  onBackend?(backend: Backend): Promise<void>;
  /** Called from time to time while a request is worked on. */
  onProgress?(): void;
}

/**
 * Loads a GGUF file. Rejects with `model_unreadable` and llama.cpp's own words, or with `unavailable` where llama.cpp
 * itself does not start. A broken file may also abort the process: only ever call this in a process of its own.
 * A chat template that is not understood within
 * `templateMs` is given up.
 */
export async function loadModel(
  params: LoadParams,
  log: (line: string) => void,
  { onBackend, onProgress = () => {} }: LoadListener = {},
  templateMs?: number,
): Promise<LoadedModel> {
  const started = performance.now();
  const library = await import('node-llama-cpp');
  const notes: string[] = [];
  if (params.backends !== undefined)
    useBackends(params.backends, await library.getModuleVersion(), (note) => notes.push(note));
  const errors = createErrorTail();
  const llama = await startLlama(library, params.gpu ?? false, (level, line) => {
    if (level === 'error' || level === 'fatal') errors.add(line);
    log(line);
  });
  const gpu = llama.gpu === false ? null : llama.gpu;
  await onBackend?.({ gpu, notes });
  llama.maxThreads = params.threads === 0 ? chooseThreads(llama.cpuMathCores) : params.threads;
  try {
    const before = process.memoryUsage.rss();
    const model = await llama.loadModel({ modelPath: params.path });
    const crowd: Crowd = { speaking: 0 };
    const enterGate = tellingSteps(createGate(crowd), onProgress);
    const embedder = createEmbedder(model, llama.maxThreads);
    const speaker =
      params.embedding === true
        ? null
        : await openSpeaker({ library, llama, model, enterGate }, crowd, params, templateMs);
    const assertSpeaks = (): Speaker => {
      if (speaker !== null) return speaker;
      throw new OspainError('not_taught', 'This model only embeds text.');
    };
    return {
      loaded: {
        contextLength: speaker?.contextSize ?? longestContext(params.contextSize, model),
        sequences: speaker?.sequences ?? 1,
        architecture: String(model.architecture),
        hasChatTemplate: (model.fileInfo.metadata.tokenizer?.chat_template ?? '') !== '',
        canFill: speaker !== null && canFill(model),
        canEmbed: embedder.canEmbed,
        memoryBytes: before + total(model.memoryUsage) + (speaker?.contextBytes ?? 0),
        gpu,
        threads: llama.maxThreads,
        loadMs: performance.now() - started,
        build: await buildOf(library, llama),
      },
      generate: async (request, listener) => generate(assertSpeaks(), request, listener),
      complete: async (request, listener) => complete(assertSpeaks(), request, listener),
      async embed(params, listener) {
        const pace = enterGate(priorityOf(params), listener);
        try {
          return await embedder.embed(params, pace);
        } finally {
          pace.leave();
        }
      },
      park: async (params, listener) => park(assertSpeaks(), params, listener),
      held: (conversation) => held(assertSpeaks(), conversation),
      restore: async (conversation, listener) => restore(assertSpeaks(), conversation, listener),
    };
  } catch (cause) {
    if (cause instanceof OspainError) throw cause;
    // llama.cpp's lines come through the event loop and may be later than the failure itself.
    await setImmediate();
    await setImmediate();
    const why = errors.text() || (cause instanceof Error ? cause.message : String(cause));
    throw new OspainError('model_unreadable', why, { cause });
  }
}

type Parts = Pick<Speaker, 'library' | 'llama' | 'model' | 'enterGate'>;

async function openSpeaker(
  parts: Parts,
  crowd: Crowd,
  params: LoadParams,
  templateMs: number | undefined,
): Promise<Speaker & { contextBytes: number }> {
  const { library, llama, model } = parts;
  const context = await model.createContext({
    contextSize: longestContext(params.contextSize, model),
    sequences: params.sequences,
    threads: llama.maxThreads,
    batching: { itemPrioritizationStrategy: createBatching(crowd) },
  });
  return {
    ...parts,
    ...findChatWrapper(library, model, templateMs),
    slots: createSlots(context.totalSequences, () => context.getSequence({ tokenPredictor: createGuesses(library) })),
    contextSize: context.contextSize,
    sequences: context.totalSequences,
    contextBytes: total(context.memoryUsage),
  };
}

async function buildOf(library: Llama, { llamaCppRelease: { repo, release }, gpu }: LlamaBinding): Promise<string> {
  return `${await library.getModuleVersion()} ${repo}@${release} ${gpu || 'cpu'} ${STATE_FORM}`;
}

/** llama.cpp wants no context of a few tokens. */
const MIN_CONTEXT = 256;

/** What the model was trained for bounds what is asked. */
const longestContext = (asked: number, { trainContextSize }: LlamaModel): number =>
  Math.max(MIN_CONTEXT, Math.min(asked, trainContextSize));

const total = ({ ram, vram }: { ram: number; vram: number }): number => ram + vram;

async function startLlama(
  library: Llama,
  gpu: 'auto' | false,
  logger: (level: string, line: string) => void,
): Promise<LlamaBinding> {
  try {
    return await library.getLlama({
      gpu,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: library.LlamaLogLevel.warn,
      logger,
      maxThreads: 1,
    });
  } catch (cause) {
    if (missingVisualC(process.env).length > 0)
      throw new OspainError('unavailable', 'llama.cpp does not start: the Visual C++ runtime is missing.', {
        hint: VISUAL_C_HINT,
        cause,
      });
    throw new OspainError('unavailable', 'llama.cpp does not start on this machine.', {
      hint: 'Check that OSPAiN2 was installed for this platform: ospain2 doctor.',
      cause,
    });
  }
}

/** One core stays free: with all of them taken, a single other busy process makes decoding many times slower. */
const chooseThreads = (mathCores: number) => Math.max(1, Math.min(mathCores, availableParallelism(), 17) - 1);
