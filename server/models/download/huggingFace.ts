import { z } from 'zod';
import { OspainError } from '../../../protocol/index.ts';
import { quoted } from './fileName.ts';
import { ask, fetchJson, type RemoteOptions } from './remoteJson.ts';
import type { RemoteFile, RemoteModel } from './remoteModel.ts';
import { type HuggingFaceSource, isFilePath } from './source.ts';

export interface HuggingFaceOptions extends RemoteOptions {
  /** `https://huggingface.co`, or a mirror's. */
  endpoint: URL;
  /** Sent to the endpoint alone. */
  token?: string | undefined;
}

/** Answered under this name only: https://github.com/ggml-org/llama.cpp/pull/11195 */
const AGENT = { 'user-agent': 'llama-cpp' };
const MOST_PARTS = 500;
const MOST_PAGES = 20;

/** Of `GET /v2/ORG/REPO/manifests/TAG`: the file that a name of a quantisation stands for. */
const Manifest = z.object({ ggufFile: z.object({ rfilename: z.string() }) });

/** Of `GET /api/models/ORG/REPO/tree/REVISION/FOLDER`. Large files have their SHA-256 in `lfs.oid`. */
const Tree = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.int().nonnegative().optional(),
    lfs: z.object({ oid: z.string(), size: z.int().nonnegative() }).nullish(),
  }),
);

/** The files that a source means: of a split model all of them. Throws as `download` does. */
export async function resolveHuggingFace(source: HuggingFaceSource, options: HuggingFaceOptions): Promise<RemoteModel> {
  const { org, repo } = source;
  const headers = authorization(options.token);
  const first = source.file ?? (await fileOfTag(source, headers, options));
  const paths = allParts(first);
  const { entries, revision } = await listFolder(source, first, headers, options);
  const files: RemoteFile[] = [];
  for (const path of paths) {
    const url = at(options.endpoint, org, repo, 'resolve', revision, ...path.split('/'));
    const name = path.split('/').at(-1) ?? path;
    const entry = entries?.find((candidate) => candidate.path === path && candidate.type === 'file');
    if (entries !== undefined && entry === undefined) throw missing(`${org}/${repo} has no file ${quoted(path)}`);
    const about = entry === undefined ? await askAbout(url, headers, options) : aboutEntry(entry);
    files.push({ url, name, ...about });
  }
  return { name: repo.replace(/[-_.]gguf$/i, ''), files, headers };
}

export const authorization = (token: string | undefined): Record<string, string> =>
  token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };

async function fileOfTag(
  { org, repo, tag }: HuggingFaceSource,
  headers: Record<string, string>,
  options: HuggingFaceOptions,
): Promise<string> {
  const url = at(options.endpoint, 'v2', org, repo, 'manifests', tag);
  const answer = await fetchJson(url, Manifest, { ...AGENT, ...headers }, options).catch((thrown: unknown) => {
    if (thrown instanceof OspainError && thrown.code === 'not_found')
      throw missing(`${org}/${repo} has no ${quoted(tag)} in GGUF format`);
    throw thrown;
  });
  const { rfilename } = answer.value.ggufFile;
  if (isFilePath(rfilename)) return rfilename;
  throw new OspainError('content_differs', `${options.endpoint.host} names a file ${quoted(rfilename)}.`);
}

/** `a-00001-of-00003.gguf` and those that belong to it, whichever of them was named. */
function allParts(path: string): string[] {
  const [, stem = '', count = '', extension = ''] = /^(.*)-\d{5}-of-(\d{5})(\.\w+)$/.exec(path) ?? [];
  if (stem === '') return [path];
  const parts = Number(count);
  if (parts === 0 || parts > MOST_PARTS) throw missing(`no model has ${parts} parts`);
  const number = (n: number) => String(n).padStart(5, '0');
  return Array.from({ length: parts }, (_, n) => `${stem}-${number(n + 1)}-of-${count}${extension}`);
}

/** What is in the folder of a file; no entries where a mirror has no such list. The commit keeps all parts of one state. */
async function listFolder(
  { org, repo, revision }: HuggingFaceSource,
  file: string,
  headers: Record<string, string>,
  options: HuggingFaceOptions,
): Promise<{ entries: z.infer<typeof Tree> | undefined; revision: string }> {
  const folder = file.split('/').slice(0, -1);
  const entries: z.infer<typeof Tree> = [];
  let pinned = revision;
  let url: URL | undefined = at(options.endpoint, 'api', 'models', org, repo, 'tree', revision, ...folder);
  for (let pages = 0; url !== undefined && pages < MOST_PAGES; pages++) {
    try {
      const page: Awaited<ReturnType<typeof fetchJson<z.infer<typeof Tree>>>> = await fetchJson(
        url,
        Tree,
        headers,
        options,
      );
      entries.push(...page.value);
      const commit = page.headers['x-repo-commit'];
      if (typeof commit === 'string' && /^[0-9a-f]{40}$/.test(commit)) pinned = commit;
      url = nextPage(page.headers['link'], url);
    } catch (thrown) {
      // The file itself is asked then, which also says why where there is no such repository.
      if (thrown instanceof OspainError && thrown.code === 'not_found') return { entries: undefined, revision };
      throw thrown;
    }
  }
  return { entries, revision: pinned };
}

/** RFC 8288; only of the same origin, for the token goes along. */
function nextPage(link: string | string[] | undefined, from: URL): URL | undefined {
  const [, target] = /<([^>]{1,2048})>\s*;\s*rel="?next"?/.exec(String(link ?? '')) ?? [];
  const next = target === undefined ? null : URL.parse(target, from.href);
  return next?.origin === from.origin ? next : undefined;
}

function aboutEntry({ size, lfs }: z.infer<typeof Tree>[number]): Pick<RemoteFile, 'bytes' | 'sha256'> {
  return { bytes: lfs?.size ?? size, sha256: sha256In(lfs?.oid) };
}

async function askAbout(
  url: URL,
  headers: Record<string, string>,
  options: HuggingFaceOptions,
): Promise<Pick<RemoteFile, 'bytes' | 'sha256'>> {
  const { headers: said, body } = await ask(url, 'HEAD', headers, options);
  body.destroy();
  const size = Number(said['x-linked-size']);
  return {
    bytes: Number.isSafeInteger(size) && size > 0 ? size : undefined,
    sha256: sha256In(said['x-linked-etag']),
  };
}

/** `"<hash>"`, `sha256:<hash>` or the hash itself; anything else is none. */
function sha256In(said: string | string[] | undefined): string | undefined {
  return /^"?(?:sha256:)?([0-9a-f]{64})"?$/.exec(String(said ?? ''))?.[1];
}

function at(endpoint: URL, ...parts: readonly string[]): URL {
  const base = endpoint.href.replace(/\/*$/, '/');
  return new URL(parts.map((part) => encodeURIComponent(part)).join('/'), base);
}

const missing = (what: string): OspainError =>
  new OspainError('not_found', `${what}.`, { hint: 'Look at its page for what it has, then name that.' });
