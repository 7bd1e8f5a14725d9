import { OspainError } from '../../../protocol/index.ts';
import { isLocalHost } from '../../egress/hosts.ts';
import { isFileName } from './fileName.ts';

/** A repository on Hugging Face, or on a mirror that speaks as it does. */
export interface HuggingFaceSource {
  kind: 'huggingFace';
  org: string;
  repo: string;
  /** One file, by its path in the repository, or a quantisation by its name. */
  file: string | undefined;
  tag: string;
  revision: string;
}

/** A version in the registry of another OSPAiN2. */
export interface RegistrySource {
  kind: 'registry';
  origin: string;
  name: string;
  /** SemVer, an alias, or `latest`. */
  version: string;
}

export type Source = HuggingFaceSource | RegistrySource | { kind: 'url'; url: URL };

const LONGEST = 2048;
const REGISTRY_PORT = 3100;
const HUGGING_FACE = ['huggingface.co', 'www.huggingface.co', 'hf.co'];
const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_-])?$/;
const REVISION = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,5}$/;

/**
 * What a person typed: `hf:org/repo`, `hf:org/repo:Q4_K_M`, `hf:org/repo/file.gguf@revision`, `https://…`, and
 * `ospain2://host:port/name@version` or `lan:host:port/name@version`. `plainHttp`: the person wants http to the open
 * internet. Throws `invalid_params`, without the text: it may hold a password.
 */
export function parseSource(text: string, { plainHttp = false }: { plainHttp?: boolean } = {}): Source {
  const typed = text.trim();
  if (typed.length > LONGEST) throw wrong('it is too long');
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]/u.test(typed)) throw wrong('it holds blanks or control characters');
  const registry = /^(?:ospain2:\/\/|lan:(?:\/\/)?)([^/]*)\/(.*)$/i.exec(typed);
  if (registry) return parseRegistry(registry[1] ?? '', registry[2] ?? '', plainHttp);
  const huggingFace = /^(?:hf:(?:\/\/)?|huggingface:(?:\/\/)?|(?:huggingface|hf)\.co\/)(.*)$/i.exec(typed);
  if (huggingFace) return parseHuggingFace(huggingFace[1] ?? '');
  if (/^https?:/i.test(typed)) return parseUrl(typed, plainHttp);
  throw wrong('it begins as none that is known');
}

function parseHuggingFace(rest: string): HuggingFaceSource {
  const [path = '', revision, ...more] = rest.split('@');
  if (more.length > 0) throw wrong('it has two revisions');
  const [org = '', model = '', ...file] = path.split('/');
  const [repo = '', tag, ...tags] = model.split(':');
  if (file.length > 0) {
    if (tag !== undefined) throw wrong('it has a file and a quantisation');
    return huggingFace({ org, repo, file: file.join('/'), revision });
  }
  if (tags.length > 0 || tag === '') throw wrong('its quantisation is no name');
  if (revision !== undefined)
    throw wrong('a revision belongs to a file', 'Name the file: hf:org/repo/file.gguf@revision.');
  return huggingFace({ org, repo, tag });
}

function huggingFace(parts: {
  org: string;
  repo: string;
  file?: string | undefined;
  tag?: string | undefined;
  revision?: string | undefined;
}): HuggingFaceSource {
  const { org, repo, file, tag = 'latest', revision = 'main' } = parts;
  for (const name of [org, repo, tag]) if (!isName(name)) throw wrong('it names no repository of the form org/repo');
  if (file !== undefined && !isFilePath(file)) throw wrong('its file is no path in a repository');
  if (!REVISION.test(revision) || revision.includes('..') || revision.length > 128)
    throw wrong('its revision is no branch, tag or commit');
  return { kind: 'huggingFace', org, repo, file, tag, revision };
}

/** Addresses of its pages and files mean the files themselves, whose hashes it knows. */
function fromHuggingFaceUrl({ pathname }: URL): HuggingFaceSource | undefined {
  const [org, repo, what, revision, ...file] = pathname.split('/').slice(1).map(decoded);
  if (org === undefined || repo === undefined) return undefined;
  if (what === undefined || what === '' || (what === 'tree' && file.length === 0)) return huggingFace({ org, repo });
  if (!['resolve', 'blob', 'raw'].includes(what) || file.length === 0) return undefined;
  return huggingFace({ org, repo, revision, file: file.join('/') });
}

function parseUrl(typed: string, plainHttp: boolean): Source {
  const url = URL.parse(typed);
  if (url === null || url.hostname === '') throw wrong('its address is none');
  assertNoPassword(url);
  if (url.protocol === 'http:') assertPlain(url, plainHttp);
  url.hash = '';
  const known = HUGGING_FACE.includes(url.hostname) && url.port === '' ? fromHuggingFaceUrl(url) : undefined;
  return known ?? { kind: 'url', url };
}

function parseRegistry(host: string, rest: string, plainHttp: boolean): RegistrySource {
  const url = URL.parse(`http://${host}`);
  if (url === null || url.hostname === '' || url.pathname !== '/' || /[?#\\]/.test(host))
    throw wrong('its host is none');
  assertNoPassword(url);
  assertPlain(url, plainHttp);
  // A URL forgets the port that is usual for http.
  if (!/:\d+$/.test(host)) url.port = String(REGISTRY_PORT);
  const [name = '', version = 'latest', ...more] = rest.split('@');
  const isVersion = /^[A-Za-z0-9][A-Za-z0-9_.+-]{0,127}$/.test(version) && !version.includes('..');
  if (!isName(name) || !isVersion || more.length > 0) throw wrong('it names no version of a model');
  return { kind: 'registry', origin: url.origin, name, version };
}

const isName = (name: string): boolean => NAME.test(name) && !name.includes('..');

/** Whether each part is the name of a file or folder, on this machine too. */
export const isFilePath = (path: string): boolean =>
  path.length <= 512 && path.split('/').length <= 8 && path.split('/').every(isFileName);

/** The file that an address names, or `model` where it names none. */
export function fileNameOf({ pathname }: URL): string {
  const name = decoded(pathname.split('/').at(-1) ?? '');
  return isFileName(name) ? name : 'model';
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw wrong('its address is none');
  }
}

function assertNoPassword({ username, password }: URL): void {
  if (username !== '' || password !== '')
    throw wrong('its address holds a user or a password', 'Leave them out; a token is given apart from the address.');
}

function assertPlain({ hostname }: URL, plainHttp: boolean): void {
  if (!plainHttp && !isLocalHost(hostname))
    throw wrong('plain http is only for this machine and its network', 'Use the https address.');
}

const FORMS = 'For example hf:org/repo:Q4_K_M, https://host/file.gguf, or ospain2://host:3100/name@1.0.0.';

const wrong = (why: string, hint = FORMS): OspainError =>
  new OspainError('invalid_params', `That is no source of a model: ${why}.`, { hint });
