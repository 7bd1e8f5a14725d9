import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import { z } from 'zod';

/** Where a server is written down. The workspace's own files come with the workspace, so nothing in them is run unasked. */
export type McpSource = 'user' | 'workspace';

interface Common {
  /** As written; people type it. */
  name: string;
  source: McpSource;
  file: string;
  /** What was written, letter for letter: what a person agrees to, and this workspace. */
  digest: string;
  /** One line for people: the command, or the address. */
  runs: string;
}

export interface StdioServer extends Common {
  kind: 'stdio';
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** Whether it has the network of this machine, as its entry says and whoever allows it sees. */
  network: boolean;
}

export interface HttpServer extends Common {
  kind: 'http';
  url: URL;
  headers: Readonly<Record<string, string>>;
}

export type McpSettings = StdioServer | HttpServer;

const Text = z.string().max(4096);
const Texts = z.record(Text, z.coerce.string().max(32_768)).default({});

const Stdio = z.looseObject({
  type: z.literal('stdio').optional(),
  command: Text.min(1),
  args: z.array(Text).max(200).default([]),
  env: Texts,
  cwd: Text.optional(),
  // Not in VS Code's own format.
  network: z.boolean().optional(),
  envFile: Text.optional(),
  disabled: z.boolean().optional(),
});

const Http = z.looseObject({
  type: z.string().max(64).optional(),
  url: Text.min(1),
  headers: Texts,
  disabled: z.boolean().optional(),
});

export interface Surroundings {
  source: McpSource;
  file: string;
  /** Real path of the workspace. */
  workspace: string;
  env: NodeJS.ProcessEnv;
}

/** One entry of a file as VS Code, Claude and others write it; null where it is switched off, a text says what is wrong. */
export function readServer(name: string, written: unknown, around: Surroundings): McpSettings | string | null {
  if (!/^[\w][\w .@/-]{0,63}$/.test(name)) return 'its name has to begin with a letter, and have 64 characters at most';
  const isHttp = typeof written === 'object' && written !== null && 'url' in written;
  const parsed = (isHttp ? Http : Stdio).safeParse(written);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)[0] ?? '';
  if (parsed.data.disabled === true) return null;
  const problems: string[] = [];
  const expand = (text: string) => expanded(text, around, problems);
  const expandAll = (texts: Record<string, string>) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, expand(text)]));
  const common = { name, source: around.source, file: around.file, digest: digestOf(parsed.data, around.workspace) };
  let server: McpSettings;
  if ('url' in parsed.data) {
    const { type = 'http', url, headers } = parsed.data as z.output<typeof Http>;
    if (type === 'sse')
      return 'it is of the older kind that speaks over SSE, which is not known here: use its "http" address';
    if (!/^(streamable-?)?http$/i.test(type)) return `there is no type ${JSON.stringify(type)}: use "stdio" or "http"`;
    const address = URL.parse(expand(url));
    if (address === null || !/^https?:$/.test(address.protocol)) return `${JSON.stringify(url)} is no web address`;
    server = { ...common, kind: 'http', url: address, headers: expandAll(headers), runs: runsOf(url, headers) };
  } else {
    const {
      command,
      args,
      env,
      cwd = around.workspace,
      envFile,
      network = false,
    } = parsed.data as z.output<typeof Stdio>;
    if (envFile !== undefined) return 'a file of its environment is not read: write "env" instead';
    const line = [command, ...args].map(quoted).join(' ');
    server = {
      ...{ ...common, kind: 'stdio', command: expand(command), args: args.map(expand), env: expandAll(env) },
      ...{ cwd: expand(cwd), network, runs: `${runsOf(line, env)}${network ? ' (with the network)' : ''}` },
    };
  }
  return problems[0] ?? server;
}

/** A command or an address, with what goes along. */
const runsOf = (what: string, along: Readonly<Record<string, string>>): string =>
  [what, ...Object.entries(along).map(([key, text]) => `${key}=${quoted(text)}`)].join(' ');

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word));

const digestOf = (written: unknown, workspace: string): string =>
  createHash('sha256')
    .update(JSON.stringify([written, workspace]))
    .digest('hex');

/** Variables as VS Code (`${workspaceFolder}`, `${env:NAME}`) and Claude (`${NAME}`, `${NAME:-else}`) write them. */
function expanded(text: string, { workspace, env }: Surroundings, problems: string[]): string {
  return text.replace(/\$\{([^}]*)\}/g, (whole, inside: string) => {
    const own = { workspaceFolder: workspace, workspaceFolderBasename: basename(workspace), userHome: homedir() }[
      inside
    ];
    if (own !== undefined) return own;
    const [, name = '', otherwise] = /^(?:env:)?([A-Za-z_]\w*)(?::-(.*))?$/.exec(inside) ?? [];
    const value = env[name] ?? otherwise;
    if (name !== '' && value !== undefined) return value;
    if (inside.startsWith('input:'))
      problems.push(`it asks for ${whole}, which only VS Code can ask for: put the value into "env", or \${env:NAME}`);
    else problems.push(name === '' ? `${whole} is not known here` : `the environment has no ${name}`);
    return whole;
  });
}
