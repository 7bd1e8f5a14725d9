import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Asked, Spoken } from './apiClient.ts';

const PROGRAM = fileURLToPath(new URL('directProgram.ts', import.meta.url));

/** The model through node-llama-cpp alone, in a process of its own. */
export interface Direct extends AsyncDisposable {
  ask(asked: Asked): Promise<Spoken>;
}

export async function startDirect(model: string): Promise<Direct> {
  const child = spawn(process.execPath, [PROGRAM, model], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    async ask(asked) {
      child.stdin.write(`${JSON.stringify(asked)}\n`);
      const { value } = await lines.next();
      return JSON.parse(String(value)) as Spoken;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
