import type { ErrorCode, WireError } from '../../protocol/errors.ts';
import { type FromPanel, type HubArgument, type HubCommand, hubCommands } from '../../protocol/hubPanel.ts';
import { t } from '../../protocol/words.ts';
import type { Connection } from '../connection.ts';
import { type Problem, problemOf, Unready } from '../problem.ts';

export interface HubRelay {
  /** Takes what the hub's page posted; nobody has looked at it yet. */
  hear(message: unknown): void;
  dispose(): void;
}

export interface HubRelayDeps {
  readonly connection: Pick<Connection, 'connect' | 'onMessage' | 'onDidChangeState'>;
  post(frame: FromPanel): void;
  run(command: HubCommand, args: readonly HubArgument[]): void;
  /** Opens an address of the schemes `http`, `https` and `mailto`. */
  open(address: string): void;
}

/** What a page posted may have of these; it may have anything. */
interface Fields {
  readonly ready?: unknown;
  readonly id?: unknown;
  readonly cancel?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly command?: unknown;
  readonly args?: unknown;
  readonly open?: unknown;
}

/** Carries frames between the hub's page and the server, and knows nothing of what is in them. */
export function createHubRelay({ connection, post, run, open }: HubRelayDeps): HubRelay {
  const asked = new Map<number, AbortController>();
  let isOpen = false;

  const close = (thrown: unknown) => {
    isOpen = false;
    const { message, hint } = problemOf(thrown);
    post({ line: 'closed', message, hint: hint ?? '' });
  };
  const giveUp = () => {
    const given = [...asked.values()];
    asked.clear();
    for (const controller of given) controller.abort();
  };
  const ready = async () => {
    // A page that was loaded anew counts anew, and waits for nothing that was asked before.
    giveUp();
    isOpen = false;
    try {
      await connection.connect();
      isOpen = true;
      post({ line: 'open' });
    } catch (thrown) {
      close(thrown);
    }
  };
  const request = async (id: number, method: string, params: unknown) => {
    const controller = new AbortController();
    asked.set(id, controller);
    const answer = await connection
      .connect()
      .then((client) => client.request(method as never, params as never, { signal: controller.signal }))
      .then(
        (result): FromPanel => ({ id, result }),
        (thrown): FromPanel => ({ id, error: wireError(thrown) }),
      );
    if (asked.get(id) !== controller) return;
    asked.delete(id);
    post(answer);
  };
  const subscriptions = [
    connection.onMessage((notification) => isOpen && post(notification)),
    connection.onDidChangeState((state) => {
      if (!isOpen || state.name === 'running') return;
      // Messages are missed from here on: the page asks again for what it shows once it is told that the line is open.
      close(state.name === 'failed' ? failure(state.problem) : ended());
    }),
  ];

  return {
    hear(message) {
      if (typeof message !== 'object' || message === null) return;
      const { ready: isReady, id, cancel, method, params, command, args, open: address }: Fields = message;
      if (isReady === true) void ready();
      else if (typeof id === 'number' && cancel === true) asked.get(id)?.abort();
      else if (typeof id === 'number' && typeof method === 'string') void request(id, method, params);
      else if (isCommand(command) && areArguments(args)) run(command, args);
      else if (typeof address === 'string' && /^(https?|mailto):/i.test(address)) open(address);
    },
    dispose() {
      giveUp();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

const ended = () => new Unready('not_running', t('The OSPAiN2 server ended.'), t('It starts again by itself.'));

const failure = ({ message, hint }: Problem): Unready =>
  new Unready('not_running', message, hint ?? t('Restart the server; the log says more.'));

/** Errors of the server keep their code; what fails before it is asked means that it cannot be. */
function wireError(thrown: unknown): WireError {
  const { code, message, hint } = problemOf(thrown);
  const known = thrown instanceof Unready ? 'unavailable' : (code as ErrorCode);
  return hint === undefined ? { code: known, message } : { code: known, message, hint };
}

const isCommand = (command: unknown): command is HubCommand =>
  typeof command === 'string' && (hubCommands as readonly string[]).includes(command);

const areArguments = (args: unknown): args is readonly HubArgument[] =>
  Array.isArray(args) && args.length <= MOST_ARGUMENTS && args.every(isArgument);

const MOST_ARGUMENTS = 4;

const isScalar = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

const isArgument = (argument: unknown): boolean =>
  isScalar(argument) || (typeof argument === 'object' && argument !== null && Object.values(argument).every(isScalar));
