import { z } from 'zod';
import { StopReason, Usage } from './events.ts';

/** A tool that a model may ask its caller to run. `parameters` is a JSON schema. */
export const ToolDefinition = z.object({
  name: z.string().min(1).max(128),
  description: z.string().max(16_384).optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});
export type ToolDefinition = z.infer<typeof ToolDefinition>;

/** What a model asks for; `arguments` is JSON text, as the model wrote it. */
export const ToolCall = z.object({ id: z.string(), name: z.string(), arguments: z.string() });
export type ToolCall = z.infer<typeof ToolCall>;

export const ChatMessage = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  text: z.string(),
  /** What an assistant asked for. */
  calls: z.array(ToolCall).optional(),
  /** Which call a tool's message answers. */
  callId: z.string().optional(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

const sampling = {
  /** A model's name, `name@version` or alias. */
  model: z.string().min(1).default('default'),
  maxTokens: z.number().int().min(1).max(1_000_000).optional(),
  /** 0 is greedy. */
  temperature: z.number().min(0).max(5).default(0),
  topP: z.number().min(0).max(1).optional(),
  topK: z.number().int().min(0).optional(),
  minP: z.number().min(0).max(1).optional(),
  seed: z.number().int().min(0).max(0xffff_ffff).optional(),
  /** Texts that end the answer; they are not part of it. */
  stop: z.array(z.string().min(1).max(1024)).max(16).optional(),
};

const Answer = z.object({ model: z.string(), text: z.string(), stop: StopReason, usage: Usage });

/** Chosen by the caller, to tell the pieces of its answers apart. */
const requestId = z.string().min(1).max(128).optional();

/** Tokens for callers that bring their own conversation; nothing of it is kept. They overtake the tasks. */
export const inferenceMethods = {
  'inference/chat': {
    params: z.object({
      ...sampling,
      requestId,
      messages: z.array(ChatMessage).min(1).max(10_000),
      tools: z.array(ToolDefinition).max(128).optional(),
      /** Whether it may, must or must not call a tool; or the name of the one that it must call. */
      toolChoice: z.union([z.enum(['auto', 'none', 'required']), z.object({ name: z.string() })]).optional(),
      /** The answer is JSON that follows this JSON schema; an empty one allows any JSON. */
      schema: z.record(z.string(), z.unknown()).optional(),
    }),
    result: Answer.extend({ calls: z.array(ToolCall) }),
  },
  /** Goes on with a text; with a `suffix`, fills the gap before it. */
  'inference/complete': {
    params: z.object({ ...sampling, requestId, prompt: z.string(), suffix: z.string().optional() }),
    result: Answer,
  },
  'inference/embed': {
    params: z.object({
      model: z.string().min(1).default('embed'),
      texts: z.array(z.string()).min(1).max(2048),
    }),
    /** One vector a text, each of length 1. */
    result: z.object({ model: z.string(), vectors: z.array(z.array(z.number())), tokens: z.number().int() }),
  },
} as const;

export const inferenceNotifications = {
  /** Server to the caller alone, while `inference/chat` or `inference/complete` runs: pieces of its text, in order. */
  'inference/didText': z.object({ requestId: z.string().nullable(), text: z.string() }),
} as const;
