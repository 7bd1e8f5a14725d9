import { type Client, OspainError, type Pull } from '../protocol/index.ts';
import type { Session } from './link.ts';
import { pullTable, pullText } from './pullText.ts';
import type { Context } from './taskCommands.ts';

export interface PullOptions {
  name?: string;
  version?: string;
  alias?: string;
  licence?: string;
  allowHttp?: boolean;
  allowHost?: string[];
}

/** Fetches a model and stays until it is there. */
export async function pullModel(context: Context, source: string, options: PullOptions): Promise<number> {
  const { host, link } = context;
  const { name, version, alias, licence } = options;
  const session = await link.open();
  return watchPull(context, session, () =>
    session.client.request('pull/start', {
      source,
      ...(name && { name }),
      ...(version && { version }),
      ...(alias && { alias }),
      ...(licence && { licence }),
      ...consentOf(source, options, host.env),
    }),
  );
}

/** Goes on with a pull that was interrupted or failed. */
export async function resumePull(context: Context, ref: string, options: PullOptions): Promise<number> {
  const session = await context.link.open();
  const { id, source } = await findPull(session.client, ref);
  return watchPull(context, session, () =>
    session.client.request('pull/resume', { pullId: id, ...consentOf(source, options, context.host.env) }),
  );
}

export async function listPulls({ link, screen }: Context): Promise<number> {
  const { pulls } = await (await link.open()).client.request('pull/list', {});
  for (const pull of pulls) screen.data({ pull });
  const none = 'Nothing was pulled yet. Begin with: ospain2 model pull hf:org/repo:Q4_K_M';
  screen.print(pulls.length === 0 ? none : pullTable(pulls, screen));
  return 0;
}

export async function cancelPull({ link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  const { pull } = await client.request('pull/cancel', { pullId: (await findPull(client, ref)).id });
  screen.data({ pull });
  screen.print(`${screen.safe(pull.source)} is given up; what was fetched is gone.`);
  return 0;
}

/** The token of Hugging Face goes to Hugging Face alone. */
const consentOf = (source: string, { allowHttp, allowHost = [] }: PullOptions, env: NodeJS.ProcessEnv) => ({
  ...(source.startsWith('hf:') && env['HF_TOKEN'] && { token: env['HF_TOKEN'] }),
  plainHttp: allowHttp === true,
  hosts: allowHost,
});

/** A pull by its id, the beginning of it, or its source; the newest one counts. */
async function findPull(client: Client, ref: string): Promise<Pull> {
  const { pulls } = await client.request('pull/list', {});
  const found = pulls.find(({ id, source }) => source === ref || (ref.length >= 4 && id.startsWith(ref)));
  if (found !== undefined) return found;
  throw new OspainError('not_found', `There is no pull ${JSON.stringify(ref.slice(0, 64))}.`, {
    hint: 'ospain2 model pulls lists them.',
  });
}

const hasEnded = ({ state }: Pull): boolean => state !== 'queued' && state !== 'running';

async function watchPull(
  { host, screen }: Context,
  session: Session,
  begin: () => Promise<{ pull: Pull }>,
): Promise<number> {
  const { client, attached } = session;
  const ended = Promise.withResolvers<Pull | null>();
  const since = performance.now();
  let id: string | null = null;
  const show = (pull: Pull) => {
    if (id !== null && pull.id !== id) return;
    const { received, total } = pull;
    screen.live({
      text: pullText(pull),
      since,
      tail: '',
      ...(total !== null && { part: received / Math.max(total, 1) }),
    });
    if (id !== null && hasEnded(pull)) ended.resolve(pull);
  };
  const unlisten = client.on('pull/didChange', ({ pull }) => show(pull));
  const uninterrupt = host.onInterrupt(() => ended.resolve(null));
  try {
    await session.subscribed();
    const { pull } = await begin();
    id = pull.id;
    show(pull);
    const last = await ended.promise;
    screen.live(null);
    if (last === null) return left(screen.warn, attached);
    screen.data({ pull: last });
    if (last.error !== null) throw OspainError.fromWire(last.error);
    if (last.state !== 'done') throw new OspainError('cancelled', `The pull of ${last.source} was ${last.state}.`);
    screen.print(`${last.model ?? last.source} is there.`);
    return 0;
  } finally {
    unlisten();
    uninterrupt();
    screen.live(null);
  }
}

/** A server of our own ends with us, and the pull with it; another one goes on. */
function left(tell: (text: string) => void, attached: boolean): number {
  tell(
    attached
      ? 'It goes on in the server of this folder: ospain2 model pulls shows it.'
      : 'Interrupted; what was fetched is kept. Pull the same again to go on.',
  );
  return 130;
}
