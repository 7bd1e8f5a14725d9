import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { passTo } from '../../guard/pass.ts';

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Asks a server on this machine, at its loopback: all that the command line ever reaches over TCP, and only in a proof. */
export function getHere(url: URL, headers: Record<string, string> = {}): Promise<Answer> {
  const there = { host: '127.0.0.1', port: Number(url.port) };
  return passTo(there, (end) => {
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      const path = `${url.pathname}${url.search}`;
      request({ ...there, path, headers, agent: false })
        .once('response', resolve)
        .once('error', reject)
        .end();
    });
    return answer
      .then(async (response) => {
        const body = await text(response);
        return { status: response.statusCode ?? 0, headers: response.headers, body };
      })
      .finally(end);
  });
}
