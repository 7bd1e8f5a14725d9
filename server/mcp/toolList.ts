import { z } from 'zod';

/** A tool of a server as it was listed; what the server says of it is data, and nothing is believed. */
export const McpTool = z.object({
  /** As the server calls it. */
  name: z.string(),
  /** One line. */
  does: z.string(),
  /** The server says that it only reads. */
  readOnly: z.boolean(),
  /** The server says that it may destroy something; what was kept before anybody looked at that says nothing. */
  destructive: z.boolean().default(false),
  /** JSON Schema of its arguments, an object. */
  schema: z.record(z.string(), z.unknown()),
});
export type McpTool = z.infer<typeof McpTool>;

export interface ListedTools {
  tools: McpTool[];
  leftOut: { name: string; why: string }[];
}

/** Characters of what a model reads of one tool. */
const MAX_DOES = 160;

const Listed = z.looseObject({
  name: z.string().min(1).max(128),
  description: z.string().optional(),
  inputSchema: z.looseObject({ type: z.literal('object') }),
  annotations: z
    .looseObject({ readOnlyHint: z.boolean().optional(), destructiveHint: z.boolean().optional() })
    .optional(),
});

export interface ListLimits {
  tools: number;
  schemaSize: number;
}

/** What can be used of a list that a server sent, and why the rest cannot. */
export function readTools(listed: readonly unknown[], limits: ListLimits): ListedTools {
  const read: ListedTools = { tools: [], leftOut: [] };
  const names = new Set<string>();
  for (const one of listed) {
    const parsed = Listed.safeParse(one);
    const named = (one as { name?: unknown } | null)?.name;
    const name = oneLine(typeof named === 'string' ? named : (JSON.stringify(named) ?? '')).slice(0, 64);
    const leaveOut = (why: string) => {
      // So that a list of a million names is no list of a million reasons.
      if (read.leftOut.length < limits.tools) read.leftOut.push({ name, why });
    };
    if (!parsed.success) leaveOut('its description is not understood');
    else if (names.has(parsed.data.name)) leaveOut('another one has its name');
    else if (read.tools.length >= limits.tools) leaveOut(`the server has more than ${limits.tools} tools`);
    else {
      const { description = '', inputSchema, annotations } = parsed.data;
      const size = JSON.stringify(inputSchema).length;
      if (size > limits.schemaSize) leaveOut(`its schema has ${size} characters, more than ${limits.schemaSize}`);
      else {
        names.add(parsed.data.name);
        read.tools.push({
          name: parsed.data.name,
          does: clip(oneLine(description)),
          readOnly: annotations?.readOnlyHint === true,
          destructive: annotations?.destructiveHint === true,
          schema: inputSchema,
        });
      }
    }
  }
  return read;
}

/** A server's own words on one line, without what a terminal or a reader could take for something else. */
export const oneLine = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

function clip(text: string): string {
  if (text.length <= MAX_DOES) return text;
  const cut = text.slice(0, MAX_DOES);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MAX_DOES / 2))}…`;
}
