import { pathToFileURL } from 'node:url';
import { createMessageConnection, type MessageReader, type MessageWriter, ResponseError } from 'vscode-jsonrpc/node';
import {
  type Carrier,
  type ErrorCode,
  errorCodes,
  isNotification,
  type Notification,
  OspainError,
  WireError,
} from '../../protocol/index.ts';

/** An editor's end of the wire. `close` shuts the server down; in a process of its own it then is told to exit. */
export async function openLspCarrier(
  reader: MessageReader,
  writer: MessageWriter,
  workspace: string,
  server: 'here' | 'process',
): Promise<Carrier> {
  const connection = createMessageConnection(reader, writer);
  const listeners = new Set<(notification: Notification) => void>();
  connection.onNotification((method, params) => {
    if (!isNotification(method)) return;
    for (const listener of listeners) listener({ method, params } as Notification);
  });
  connection.listen();
  const request = async (method: string, params: unknown): Promise<unknown> => {
    try {
      return await connection.sendRequest(method, params);
    } catch (thrown) {
      throw thrown instanceof ResponseError ? fromResponse(thrown) : thrown;
    }
  };
  const workspaceFolders = [{ uri: pathToFileURL(workspace).href, name: 'workspace' }];
  // No process id: the library would watch it, and keep this process from ending.
  await request('initialize', { processId: null, rootUri: null, capabilities: {}, workspaceFolders });
  await connection.sendNotification('initialized', {});
  return {
    request,
    onNotification(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await request('shutdown', undefined);
      // The library would end the process that it runs in.
      if (server === 'process') await connection.sendNotification('exit');
      connection.end();
      connection.dispose();
    },
  };
}

function fromResponse({ code, message, data }: ResponseError<unknown>): OspainError {
  const wire = WireError.safeParse(data);
  if (wire.success) return OspainError.fromWire(wire.data);
  const known = (Object.keys(errorCodes) as ErrorCode[]).find((name) => errorCodes[name].rpc === code);
  return new OspainError(known ?? 'internal', message);
}
