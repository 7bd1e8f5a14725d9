import { z } from 'zod';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import { McpTool } from './toolList.ts';

/** What is kept of a server as it was written down; one that is written otherwise is another. */
export interface KeptServer {
  /** Whether a person agreed to run exactly this. */
  agreed: boolean;
  /** Whether they believe it which of its tools only read. */
  believed: boolean;
  /** As it listed them last; null when it never did. */
  tools: McpTool[] | null;
}

export interface Agreements {
  of(digest: string): KeptServer;
  agree(server: { digest: string; name: string }, believed: boolean): void;
  withdraw(digest: string): void;
  keepTools(server: { digest: string; name: string }, tools: readonly McpTool[]): void;
}

interface Row {
  agreed_at: number | null;
  believed: number;
  tools: string | null;
}

const Tools = z.array(McpTool);

export function createAgreements({ db, now }: { db: Db; now: () => number }): Agreements {
  const find = db.prepare<[string], Row>('SELECT agreed_at, believed, tools FROM mcp_servers WHERE digest = ?');
  const add = db.prepare<[string, string]>(
    'INSERT INTO mcp_servers (digest, name) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const agree = db.prepare<[number, number, string]>(
    'UPDATE mcp_servers SET agreed_at = ?, believed = ? WHERE digest = ?',
  );
  const withdraw = db.prepare<[string]>('UPDATE mcp_servers SET agreed_at = NULL, believed = 0 WHERE digest = ?');
  const keep = db.prepare<[string, string]>('UPDATE mcp_servers SET tools = ? WHERE digest = ?');
  return {
    of: (digest) =>
      guarded(() => {
        const row = find.get(digest);
        const tools = row?.tools == null ? null : Tools.parse(JSON.parse(row.tools));
        return { agreed: row?.agreed_at != null, believed: row?.believed === 1, tools };
      }),
    agree: ({ digest, name }, believed) =>
      guarded(() => {
        add.run(digest, name);
        agree.run(now(), believed ? 1 : 0, digest);
      }),
    withdraw: (digest) => guarded(() => void withdraw.run(digest)),
    keepTools: ({ digest, name }, tools) =>
      guarded(() => {
        add.run(digest, name);
        keep.run(JSON.stringify(tools), digest);
      }),
  };
}
