import type { McpServer, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Note } from '../../../../protocol/index.ts';
import { askCore } from '../../api/route.ts';
import type { Served } from '../../served.ts';
import { orWhyNot, said } from '../result.ts';

const NotePath = z.string().min(1).max(2000).describe('The path of the note, such as projects/idea.md');
const reads = { readOnlyHint: true, openWorldHint: false } as const;

/** What a client does with the notes of a person: it reads them and adds to them, and writes over none. */
export function registerNoteTools(server: McpServer, served: Served): void {
  const coreOf = ({ mcpReq }: ServerContext) => askCore(served, mcpReq.signal);

  server.registerTool(
    'search_notes',
    {
      title: 'Search notes',
      description: "Finds the person's notes that have all of these words; #tag is a tag. The best come first.",
      inputSchema: z.object({
        text: z.string().trim().min(1).max(1000),
        limit: z.number().int().min(1).max(50).default(20),
      }),
      annotations: reads,
    },
    (asked, context) =>
      orWhyNot(async () => {
        const { hits } = await coreOf(context)('note/search', asked);
        const lines = hits.map(({ note, line, snippet }) => {
          const words = snippet.map(({ text }) => text).join('');
          return `${note.path}:${line} ${note.title}\n  ${words}`;
        });
        return said(lines.length === 0 ? 'No note has all of these words.' : lines.join('\n'));
      }),
  );

  server.registerTool(
    'list_notes',
    {
      title: 'List notes',
      description: "The person's notes, the newest first.",
      inputSchema: z.object({
        folder: z.string().max(2000).optional().describe('Only below this folder'),
        tag: z.string().max(200).optional().describe('Only with this tag'),
        limit: z.number().int().min(1).max(200).default(50),
      }),
      annotations: reads,
    },
    ({ folder, tag, limit }, context) =>
      orWhyNot(async () => {
        const asked = { limit, order: 'updated' as const, ...(folder && { folder }), ...(tag && { tag }) };
        const { notes, total } = await coreOf(context)('note/list', asked);
        return said([...notes.map(tell), `${notes.length} of ${total}.`].join('\n'));
      }),
  );

  server.registerTool(
    'read_note',
    {
      title: 'Read a note',
      description: 'The Markdown of a note, and the notes that link to it.',
      inputSchema: z.object({ path: NotePath }),
      annotations: reads,
    },
    ({ path }, context) =>
      orWhyNot(async () => {
        const { text, backlinks } = await coreOf(context)('note/show', { note: path });
        const from = backlinks.map((link) => `${link.path}:${link.line}`).join(', ');
        return said(from === '' ? text : `${text}\n\nLinked from: ${from}`);
      }),
  );

  server.registerTool(
    'add_note',
    {
      title: 'Add a note',
      description: 'Writes a new note. One that is there already is not written over.',
      inputSchema: z.object({ path: NotePath, text: z.string().max(1_000_000).describe('Markdown') }),
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    },
    ({ path, text }, context) =>
      orWhyNot(async () => {
        const { note } = await coreOf(context)('note/save', { path, text, base: null });
        return said(`${note.path} is there.`);
      }),
  );
}

const tell = ({ path, title, tags, boxes }: Note): string => {
  const marks = [
    ...tags.map((tag) => `#${tag}`),
    ...(boxes.total > 0 ? [`${boxes.done}/${boxes.total} boxes done`] : []),
  ];
  return [path, title, ...marks].join('  ');
};
