import { type JSONRPCMessage, ReadBuffer, serializeMessage, type Transport } from '@modelcontextprotocol/client';
import { OspainError } from '../../protocol/index.ts';
import { type Child, endChild, startChild } from './childProcess.ts';
import { createFloodGuard } from './flood.ts';
import type { McpLimits } from './limits.ts';
import type { StdioServer } from './settings.ts';
import type { StderrLog } from './stderrLog.ts';

export interface StdioOptions {
  server: StdioServer;
  env: NodeJS.ProcessEnv;
  limits: McpLimits;
  log: StderrLog;
  now: () => number;
}

/**
 * A server as a child process. Unlike the library's own transport it ends the whole process group, takes no more than it can
 * hold, and says why it ended: `onerror` hears that before `onclose`.
 */
export function createStdioTransport({ server, env, limits, log, now }: StdioOptions): Transport {
  let child: Child | null = null;
  let closing: Promise<void> | null = null;
  const buffer = new ReadBuffer({ maxBufferSize: limits.messageBytes });
  const guard = createFloodGuard(limits.messages, now);

  const end = (why?: OspainError): Promise<void> => {
    closing ??= (async () => {
      if (why !== undefined) transport.onerror?.(why);
      if (child !== null) await endChild(child, limits.endMs);
      buffer.clear();
      transport.onclose?.();
    })();
    return closing;
  };
  const read = (chunk: Buffer) => {
    try {
      buffer.append(chunk);
    } catch {
      return void end(new OspainError('too_large', `It sent a message of more than ${limits.messageBytes} bytes.`));
    }
    for (let message = next(); message !== null && closing === null; message = next())
      if (message !== undefined) transport.onmessage?.(message);
  };
  /** Null when nothing whole is there; undefined for a line that is no message, which programs print by mistake. */
  const next = (): JSONRPCMessage | null | undefined => {
    try {
      guard();
    } catch (thrown) {
      void end(OspainError.from(thrown));
      return null;
    }
    try {
      return buffer.readMessage();
    } catch {
      return undefined;
    }
  };

  const transport: Transport = {
    start: () =>
      new Promise((resolve, reject) => {
        const started = startChild(server, env);
        child = started;
        log.follow(started.stderr);
        started.stdin.on('error', () => {});
        started.stdout.on('data', read).on('error', () => {});
        started.once('spawn', resolve);
        started.once('error', (cause) => {
          const error = new OspainError('unavailable', `${server.command} cannot be started.`, { cause });
          reject(error);
          void end(error);
        });
        started.once('exit', (code, signal) => {
          void end(new OspainError('unavailable', `It ended by itself (${signal ?? code}).`));
        });
      }),
    async send(message) {
      if (child === null || closing !== null) throw new OspainError('unavailable', 'It is not running.');
      const line = serializeMessage(message);
      if (child.stdin.writableLength > limits.messageBytes)
        await end(new OspainError('too_large', 'It does not read what it is asked.'));
      child.stdin.write(line);
    },
    close: () => end(),
  };
  return transport;
}
