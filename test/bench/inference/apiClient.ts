import { readFileSync } from 'node:fs';
import type { Client } from '../../../protocol/index.ts';

export interface Asked {
  system?: string;
  user: string;
  tokens: number;
}

export interface Spoken {
  promptTokens: number;
  cachedTokens: number;
  tokens: number;
  /** Milliseconds from the request to its first piece of text, and to its end. */
  firstMs: number;
  ms: number;
}

export interface ApiClient {
  /** `/v1/chat/completions`, streamed, as other programs ask. Rejects with what the server says. */
  chat(asked: Asked): Promise<Spoken>;
}

interface Chunk {
  choices: { delta: { content?: string | null } }[];
  usage?: {
    prompt_tokens: number;
    completion_tokens: number;
    prompt_tokens_details?: { cached_tokens: number };
  } | null;
}

/** Serves the API on a free port and asks it. */
export async function openApiClient(client: Client, model: string): Promise<ApiClient> {
  const { api } = await client.request('api/start', { port: 0 });
  const token = readFileSync(api.tokenFile, 'utf8').trim();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return {
    async chat({ system, user, tokens }) {
      const start = performance.now();
      const messages = [
        ...(system === undefined ? [] : [{ role: 'system', content: system }]),
        { role: 'user', content: user },
      ];
      const response = await fetch(`${api.url}/v1/chat/completions`, {
        method: 'POST',
        headers,
        body: JSON.stringify({
          model,
          messages,
          max_tokens: tokens,
          temperature: 0,
          stream: true,
          stream_options: { include_usage: true },
        }),
      });
      if (response.body === null || !response.ok) throw new Error(`${response.status}: ${await response.text()}`);
      let firstMs = Number.NaN;
      let usage: Chunk['usage'];
      for await (const chunk of events(response.body)) {
        if (Number.isNaN(firstMs) && chunk.choices.some(({ delta }) => delta.content))
          firstMs = performance.now() - start;
        usage = chunk.usage ?? usage;
      }
      return {
        promptTokens: usage?.prompt_tokens ?? Number.NaN,
        cachedTokens: usage?.prompt_tokens_details?.cached_tokens ?? Number.NaN,
        tokens: usage?.completion_tokens ?? Number.NaN,
        firstMs,
        ms: performance.now() - start,
      };
    },
  };
}

async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<Chunk> {
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: {')) yield JSON.parse(line.slice('data: '.length)) as Chunk;
  }
}
