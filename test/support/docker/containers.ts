import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';

/** Resolves when the engine has no container any more: it removes those that have ended a moment later. */
export async function noContainers(docker: Docker): Promise<void> {
  while ((await docker.listContainers({ all: true })).length > 0) await delay(20);
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
