import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../refusal.ts';
import { hubPolicy, pageHeaders } from './policy.ts';

const ofPages = { entry: 'anyone', local: true } as const;

/**
 * The files of the hub. They hold nothing of anybody, so that they are there also for a browser that was not let in yet, or any more:
 * the page tells so, and a service worker can be renewed.
 */
export async function addPages(app: FastifyInstance, { folder }: { folder: string }): Promise<void> {
  await app.register(fastifyStatic, { root: folder, serve: false, dotfiles: 'deny', cacheControl: false });
  app.route({
    method: 'GET',
    url: '/hub',
    config: ofPages,
    handler: (_request, reply) => reply.redirect('/hub/', 308),
  });
  app.route({
    method: 'GET',
    url: '/hub/',
    config: ofPages,
    async handler({ headers }, reply) {
      const nonce = randomBytes(16).toString('base64');
      const page = await readFile(join(folder, 'index.html'), 'utf8').catch((cause: unknown) => {
        throw new Refusal('unavailable', 'The hub was not built.', { hint: 'npm run build', cause });
      });
      return reply
        .headers(pageHeaders(hubPolicy(headers.host ?? '', nonce)))
        .header('cache-control', 'no-cache')
        .type('text/html; charset=utf-8')
        .send(page.replace('</head>', `<meta property="csp-nonce" nonce="${nonce}"></head>`));
    },
  });
  app.route<{ Params: { '*': string } }>({
    method: 'GET',
    url: '/hub/*',
    config: ofPages,
    handler({ params, headers }, reply) {
      const path = params['*'];
      if (path === 'index.html') return reply.redirect('/hub/', 308);
      return reply
        .headers(pageHeaders(hubPolicy(headers.host ?? '', randomBytes(16).toString('base64'))))
        .header('cache-control', isNamedByContent(path) ? 'private, max-age=31536000, immutable' : 'no-cache')
        .sendFile(path);
    },
  });
}

/** esbuild puts the hash of its content into the name. */
const isNamedByContent = (path: string): boolean => /^assets\/.*-[\dA-Za-z]{8}\.\w+$/.test(path);
