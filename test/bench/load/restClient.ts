import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { clocked, type Tally } from './tally.ts';

/** Unix milliseconds: the year 2100. What is not before then is work for the queue and none for a model. */
export const FAR = 4_102_444_800_000;

export interface RestTarget {
  readonly port: number;
  readonly token: string;
}

/** One program that submits, looks and lists over and over on one connection, until it is to stop. */
export async function driveRest(target: RestTarget, tally: Tally, working: () => boolean): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (method: string, path: string, body?: object) =>
    clocked(tally, () => send(agent, target, method, path, body));
  while (working()) {
    const id = randomUUID();
    const submitted = await ask('POST', '/api/tasks', { id, kind: 'ask', instruction: 'Later.', notBefore: FAR });
    if (submitted.status === 201) tally.acknowledged.add(id);
    else tally.faults.push(`submit: ${submitted.status}`);
    for (const path of [`/api/tasks/${id}`, '/api/tasks?limit=20']) {
      const { status, body } = await ask('GET', path);
      if (status !== 200 || !body.includes(path.endsWith(id) ? id : '"tasks"')) tally.faults.push(`${path}: ${status}`);
    }
  }
  agent.destroy();
}

function send(agent: Agent, { port, token }: RestTarget, method: string, path: string, body?: object) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const asked = request({ agent, host: '127.0.0.1', port, method, path, headers });
  asked.once('error', reject);
  asked.once('response', (answer) => {
    text(answer).then((read) => resolve({ status: answer.statusCode ?? 0, body: read }), reject);
  });
  asked.end(body && JSON.stringify(body));
  return promise;
}
