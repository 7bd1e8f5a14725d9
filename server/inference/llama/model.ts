import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Llama as LlamaBinding } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';
import type { Generated, Loaded, LoadParams } from '../workerProtocol.ts';
import { findChatWrapper } from './chatWrapper.ts';
import { createErrorTail } from './errorTail.ts';
import { generate, type Listener, type Request } from './generation.ts';
import type { Llama } from './library.ts';
import { createSlots } from './slots.ts';

/** A loaded model that speaks; one generation at a time. */
export interface SpeakingModel {
  readonly loaded: Loaded;
  /** Rejects with `context_full`, or with `cancelled` when the listener says so. */
  generate(request: Request, listener: Listener): Promise<Generated>;
}

/**
 * Loads a GGUF file. Rejects with `model_unreadable` and llama.cpp's own words, or with `unavailable` where llama.cpp
 * itself does not start. A broken file may also abort the process: only ever call this in a process of its own.
 */
export async function loadModel(params: LoadParams, log: (line: string) => void): Promise<SpeakingModel> {
  const started = performance.now();
  const library = await import('node-llama-cpp');
  const errors = createErrorTail();
  const llama = await startLlama(library, (level, line) => {
    if (level === 'error' || level === 'fatal') errors.add(line);
    log(line);
  });
  llama.maxThreads = params.threads === 0 ? chooseThreads(llama.cpuMathCores) : params.threads;
  try {
    const model = await llama.loadModel({ modelPath: params.path });
    const context = await model.createContext({
      contextSize: Math.max(MIN_CONTEXT, Math.min(params.contextSize, model.trainContextSize)),
      sequences: params.conversations,
      threads: llama.maxThreads,
    });
    const wrapper = findChatWrapper(library, model);
    const takeSlot = createSlots(context);
    return {
      loaded: {
        contextLength: context.contextSize,
        architecture: String(model.architecture),
        hasChatTemplate: model.fileInfo.metadata.tokenizer?.chat_template !== undefined,
        loadMs: performance.now() - started,
      },
      generate: (request, listener) =>
        generate({ library, llama, model, wrapper }, takeSlot(request.conversation), request, listener),
    };
  } catch (cause) {
    // llama.cpp's lines come through the event loop and may be later than the failure itself.
    await setImmediate();
    await setImmediate();
    const why = errors.text() || (cause instanceof Error ? cause.message : String(cause));
    throw new OspainError('model_unreadable', why, { cause });
  }
}

const MIN_CONTEXT = 256;

async function startLlama(library: Llama, logger: (level: string, line: string) => void): Promise<LlamaBinding> {
  try {
    return await library.getLlama({
      gpu: false,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: library.LlamaLogLevel.warn,
      logger,
      maxThreads: 1,
    });
  } catch (cause) {
    throw new OspainError('unavailable', 'llama.cpp does not start on this machine.', {
      hint: 'Check that the extension was installed for this platform.',
      cause,
    });
  }
}

/** One core stays free: with all of them taken, a single other busy process makes decoding many times slower. */
const chooseThreads = (mathCores: number) => Math.max(1, Math.min(mathCores, availableParallelism(), 17) - 1);
