import { required, wrongArguments } from '../../mcp/arguments.ts';
import { isObject } from '../../mcp/objects.ts';
import type { McpServers, OfferedTool } from '../../mcp/servers.ts';
import { right, type Tool, wrong } from './tool.ts';

/** Characters of a name; a model repeats it with each call. */
const MAX_NAME = 64;
/** Fields that may be left out which a model is told of. */
const MAX_FURTHER = 6;
/** Characters of the arguments that a person reads in the log. */
const MAX_SHOWN = 120;

/**
 * The tools of MCP servers, one each, in a family a server. What a server says that its tool does is not believed: a call acts
 * on something outside, unless a person said that this server may be taken at its word.
 */
export async function createMcpTools(servers: Pick<McpServers, 'tools' | 'call'>): Promise<Tool[]> {
  const taken = new Set<string>();
  return (await servers.tools()).map((tool) => toolOf(tool, nameOf(tool, taken), servers));
}

function toolOf(tool: OfferedTool, name: string, { call }: Pick<McpServers, 'call'>): Tool {
  const { properties } = tool.schema;
  const fields = typeof properties === 'object' && properties !== null ? Object.entries(properties) : [];
  const needed = required(tool.schema);
  const further = fields.map(([field]) => field).filter((field) => !needed.includes(field) && isPlain(field));
  const may = further.length === 0 ? '' : ` It may have ${further.slice(0, MAX_FURTHER).join(', ')}.`;
  const example = Object.fromEntries(
    fields.filter(([field]) => needed.includes(field)).map(([field, schema]) => [field, sample(schema)]),
  );
  return {
    name,
    header: {},
    body: fields.length === 0 ? 'none' : 'json',
    example: fields.length === 0 ? {} : { body: example },
    does: `${tool.does || tool.name}${may}`,
    effect: tool.onlyReads ? 'look' : 'act',
    family: wordOf(tool.server),
    about: () => (tool.destructive ? { mayDestroy: 'Its server says that it may destroy something.' } : {}),
    words: ({ body }) => {
      const what = `${tool.server}: ${tool.name} ${JSON.stringify(body ?? {})}`;
      return {
        doing: `asking ${tool.server}: ${tool.name}`,
        what: what.length > MAX_SHOWN ? `${what.slice(0, MAX_SHOWN)}…` : what,
      };
    },
    async run({ body }, { room, signal }) {
      const given = isObject(body) ? body : {};
      const problem = wrongArguments(tool, given);
      if (problem !== undefined) return wrong(problem);
      const { ok, text } = await call(tool.server, tool.name, given, signal);
      return ok ? right(clipped(text, room)) : wrong(clipped(text, room));
    },
  };
}

/** `mcp_<server>_<tool>`, in the letters that a call's name has, and no other tool's. */
function nameOf({ server, name }: OfferedTool, taken: Set<string>): string {
  const whole = `mcp_${wordOf(server)}_${wordOf(name)}`.slice(0, MAX_NAME);
  let own = whole;
  for (let count = 2; taken.has(own); count++) own = `${whole.slice(0, MAX_NAME - 4)}_${count}`;
  taken.add(own);
  return own;
}

const wordOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '') || 'tool';

/** A value such as the schema asks for, for a model to see its form. */
function sample(schema: unknown): unknown {
  if (!isObject(schema)) return 'text';
  const { type, enum: words, default: normal, properties } = schema;
  if (Array.isArray(words) && isShort(words[0])) return words[0];
  if (isShort(normal)) return normal;
  const kind = Array.isArray(type) ? type[0] : type;
  if (kind === 'number' || kind === 'integer') return 1;
  if (kind === 'boolean') return true;
  if (kind === 'array') return [];
  if (kind !== 'object') return 'text';
  const inner = isObject(properties) ? properties : {};
  return Object.fromEntries(
    required(schema)
      .filter(isPlain)
      .map((field) => [field, isObject(inner[field]) ? shallow(inner[field]) : 'text']),
  );
}

/** Deeper is not shown: what is wrong then is said by the server. */
const shallow = (schema: object): unknown => sample({ ...schema, properties: {}, required: [] });

const isShort = (value: unknown): boolean =>
  ['number', 'boolean'].includes(typeof value) || (typeof value === 'string' && value.length <= 40);
/** A field's name that cannot be taken for something else in a sentence. */
const isPlain = (field: string): boolean => /^[\w.-]{1,40}$/.test(field);

function clipped(text: string, room: number): string {
  if (text.length <= room) return text || 'It answered nothing.';
  const more = '\n… the rest does not fit here';
  return `${text.slice(0, Math.max(0, room - more.length))}${more}`;
}
