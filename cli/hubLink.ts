import type { Client } from '../protocol/index.ts';
import { openBrowser } from './browser.ts';
import type { Context } from './taskCommands.ts';

export interface HubLinkOptions {
  /** Has the person's browser go there. */
  opens?: boolean;
  /** Starts the API, which serves the hub, where it is not served. */
  serve?: boolean;
}

/** Prints a link that lets one browser into the hub. */
export async function showHub(
  { host, screen }: Context,
  client: Client,
  { opens = false, serve = false }: HubLinkOptions = {},
): Promise<void> {
  const hub = await client.request('hub/open', { serve });
  screen.data({ hub });
  const isOpen = opens && (await openBrowser(hub.url, host.env));
  screen.print(
    isOpen
      ? 'The hub opens in your browser; if it does not, this link does:'
      : 'The hub, in a browser of this machine:',
  );
  screen.print(`  ${hub.url}`);
  screen.print('The link works once, for five minutes; "ospain2 hub" makes another.');
}
