import { showHub } from './hubLink.ts';
import { serve } from './serve.ts';
import type { Context } from './taskCommands.ts';
import { plural } from './text.ts';

export interface HubChoices {
  /** Unset, the browser is opened where a person is at a terminal. */
  open?: boolean;
}

/** Lets a browser into the hub of the server that is there; where none is, serves it until Ctrl+C. */
export async function openHub(context: Context, { open }: HubChoices): Promise<number> {
  const { host, link, screen } = context;
  const { client, attached } = await link.open();
  await showHub(context, client, { serve: true, opens: open ?? (host.stdout.isTTY === true && !screen.json) });
  return attached ? 0 : serve(context, { api: true }, { showsHub: false });
}

export async function signOut({ link, screen }: Context): Promise<number> {
  const { client } = await link.open();
  const { sessions } = await client.request('hub/signOut', {});
  screen.data({ sessions });
  screen.print(sessions === 0 ? 'No browser was signed in.' : `Signed ${plural(sessions, 'browser')} out.`);
  return 0;
}
