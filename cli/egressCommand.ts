import { egressTable } from './pullText.ts';
import type { Context } from './taskCommands.ts';

/** Every connection to another machine that was ever made. */
export async function listEgress({ link, screen }: Context, { limit }: { limit: number }): Promise<number> {
  const { entries } = await (await link.open()).client.request('egress/list', { limit });
  for (const entry of entries) screen.data({ entry });
  screen.print(entries.length === 0 ? 'Nothing ever left this machine.' : egressTable(entries, screen));
  return 0;
}
