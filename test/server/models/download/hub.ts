import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LoopbackServer, loopbackServer } from '../../../support/loopback.ts';
import { serveFile, sha256Of } from './workbench.ts';

export const COMMIT = 'c0ffee'.padEnd(40, '0');

export interface HubOptions {
  /** By path in the repository `org/repo`. */
  files: Readonly<Record<string, Buffer>>;
  /** The file that each name of a quantisation stands for. */
  tags?: Readonly<Record<string, string>>;
  /** Where files really are; here when not given. */
  store?: LoopbackServer;
  /** A mirror that knows files only. */
  isBare?: boolean;
  /** Entries of a page of a list. */
  page?: number;
  /** Answers instead, when it answers. */
  instead?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** What a hub answers as Hugging Face does, on loopback: manifests, trees, and files. */
export function hub(options: HubOptions): Promise<LoopbackServer> {
  const { files, tags = {}, store, isBare = false, page = 1000 } = options;
  return loopbackServer((request, response) => {
    if (options.instead?.(request, response)) return;
    const url = new URL(request.url ?? '', 'http://hub');
    const [first, ...rest] = decodeURIComponent(url.pathname).slice(1).split('/');
    const json = (value: unknown, headers = {}) =>
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
    const none = () => response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end('{}');
    if (first === 'v2' && !isBare) {
      const rfilename = tags[rest[3] ?? ''];
      // It tells the file to those that it takes for llama.cpp.
      const ggufFile = request.headers['user-agent'] === 'llama-cpp' ? { rfilename, size: 1 } : undefined;
      return rfilename === undefined ? response.writeHead(400).end('{}') : json({ ggufFile });
    }
    if (first === 'api' && !isBare) {
      const folder = rest.slice(5).join('/');
      const all = Object.entries(files)
        .filter(([path]) => path.split('/').slice(0, -1).join('/') === folder)
        .map(([path, { length }]) => ({ type: 'file', path, oid: '1'.repeat(40), size: length, lfs: lfsOf(path) }));
      const from = Number(url.searchParams.get('cursor') ?? 0);
      const next = `<${url.pathname}?cursor=${from + page}>; rel="next"`;
      const link = from + page < all.length ? { link: next } : {};
      return json(all.slice(from, from + page), { 'x-repo-commit': COMMIT, ...link });
    }
    const path = rest.slice(3).join('/');
    const content = files[path];
    if (content === undefined) return none();
    const linked = { 'x-linked-etag': `"${sha256Of(content)}"`, 'x-linked-size': content.length };
    if (store !== undefined) return response.writeHead(302, { location: `${store.origin}/${path}`, ...linked }).end();
    for (const [name, value] of Object.entries(linked)) response.setHeader(name, value);
    return serveFile(request, response, content);
  });

  function lfsOf(path: string) {
    const content = files[path];
    return content && { oid: sha256Of(content), size: content.length, pointerSize: 130 };
  }
}
