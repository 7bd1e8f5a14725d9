import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

/*
 * A server that knows no version of the Model Context Protocol with sessions. A program of its own.
 */

serveStdio(
  ({ era }) => {
    const server = new McpServer({ name: 'newer', version: '1.0.0' });
    server.registerTool('era', { description: 'Says which one is spoken.' }, () => ({
      content: [{ type: 'text', text: era }],
    }));
    return server;
  },
  { legacy: 'reject' },
);
