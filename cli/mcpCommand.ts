import { Readable } from 'node:stream';
import { OspainError } from '../protocol/index.ts';
import { createMcpMemory } from './mcpMemory.ts';
import { openStream } from './socketCarrier.ts';
import type { Context } from './taskCommands.ts';

/** Servers in a row that may go away before they said anything. */
const PATIENCE = 5;
/** Characters of one line; the server takes no longer ones. */
const MAX_LINE = 4 * 1024 * 1024;

interface Gate {
  stream: NodeJS.ReadWriteStream | null;
  opened: PromiseWithResolvers<void>;
}

/**
 * Carries lines of the Model Context Protocol between standard input and output and the server, until the client goes. A server
 * that goes away meanwhile is replaced, and told what the client had asked it to remember.
 */
export async function serveMcp(
  { host, link }: Context,
  { allowDecisions = false }: { allowDecisions?: boolean },
): Promise<number> {
  const memory = createMcpMemory();
  const gate: Gate = { stream: null, opened: Promise.withResolvers() };
  let inputEnded = false;
  const say = (line: string) => host.stdout.write(`${line}\n`);

  const input = (async () => {
    for await (const line of linesOf(host.stdin)) {
      if (line.trim() === '') continue;
      await gate.opened.promise;
      memory.asked(line);
      gate.stream?.write(`${line}\n`);
    }
  })().finally(() => {
    inputEnded = true;
    gate.stream?.end();
  });
  // Awaited at the end; until then it must not end the process.
  input.catch(() => {});

  try {
    for (let broken = 0; !inputEnded; broken++) {
      if (broken > PATIENCE) throw new OspainError('unavailable', 'The server of this workspace does not stay.');
      const { socket } = await (broken === 0 ? link.open() : link.reopen());
      const stream = await openStream(socket, `/v1/mcp?decides=${allowDecisions ? 1 : 0}`, 'mcp');
      for (const line of memory.again()) stream.write(`${line}\n`);
      gate.stream = stream;
      if (inputEnded) stream.end();
      gate.opened.resolve();
      try {
        for await (const line of linesOf(stream)) {
          broken = 0;
          if (memory.answered(line)) say(line);
        }
      } catch {
        // A server that dies cuts the stream.
      }
      gate.stream = null;
      gate.opened = Promise.withResolvers();
      for (const line of memory.lost()) if (!inputEnded) say(line);
    }
    await input;
    return 0;
  } finally {
    // Without a server nobody reads any more, and an open input would keep the process.
    if (host.stdin instanceof Readable) host.stdin.destroy();
  }
}

/** JSON may hold what other readers of lines take for the end of one. */
async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MAX_LINE) throw new OspainError('too_large', `A line may have ${MAX_LINE} characters.`);
  }
  if (rest !== '') yield rest;
}
