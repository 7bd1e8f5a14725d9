/** Source of an MCP server with one tool, in the words of the protocol and without a library. */
export const oneToolServer = (tool: { name: string; description: string; annotations?: object }): string => `
const send = (id, result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (method === 'initialize')
    send(id, { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'one', version: '1' } });
  if (method === 'tools/list') send(id, { tools: [${JSON.stringify({ ...tool, inputSchema: { type: 'object' } })}] });
  if (method === 'notifications/initialized') console.error('it was greeted');
});
`;
