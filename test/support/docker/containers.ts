import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';

/** The engine removes what has ended a moment later; on a busy machine that may be seconds. Milliseconds. */
const PATIENCE = 30_000;

/** Resolves when the engine has no container any more; rejects with those that stay. */
export async function noContainers(docker: Docker): Promise<void> {
  for (const started = performance.now(); ; await delay(20)) {
    const left = await docker.listContainers({ all: true });
    if (left.length === 0) return;
    if (performance.now() - started > PATIENCE)
      throw new Error(`containers are left: ${left.map(({ Names, State }) => `${Names[0]} ${State}`).join(', ')}`);
  }
}

/** Runs Node in a container beside the worker, as the worker could; resolves with what it printed. */
export async function nodeInside(docker: Docker, name: string, program: string): Promise<string> {
  const exec = await docker.getContainer(name).exec({
    Cmd: ['/ospain2/node', '-e', program],
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  const stream = await exec.start({ hijack: true, Tty: true });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString().trim();
}
