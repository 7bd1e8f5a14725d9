import { type Client, OspainError, type Schedule, type Task } from '../protocol/index.ts';
import { type ApiChoices, checkChoices, openApi } from './apiCommands.ts';
import { showHub } from './hubLink.ts';
import type { Session } from './link.ts';
import { localTime } from './moments.ts';
import { nextText } from './scheduleText.ts';
import { announceServing, homeOf, servingsFolder } from './servings.ts';
import type { Context } from './taskCommands.ts';
import { symbol } from './taskText.ts';
import { oneLine, plural } from './text.ts';

/** Servers in a row that may go away before they told anything. */
const PATIENCE = 5;

/** Keeps a server of the workspace running, with its API, and tells what it does, until Ctrl+C or until somebody else ends it. */
export async function serve(
  context: Context,
  choices: ApiChoices,
  { showsHub = true, service = false }: { showsHub?: boolean; service?: boolean } = {},
): Promise<number> {
  checkChoices(choices);
  const { host, link, screen } = context;
  const interrupted = Promise.withResolvers<null>();
  const stop = host.onInterrupt(() => interrupted.resolve(null));
  let session = await link.open();
  const command = [process.execPath, ...process.argv.slice(1)];
  const serving = announceServing(servingsFolder(host.env, homeOf(host.env)), {
    ...{ pid: process.pid, workspace: context.workspace, command, service },
  });
  void serving.ended.then(interrupted.resolve);
  let broken = 0;
  let opened: Awaited<ReturnType<typeof openApi>> = null;
  let wanted = choices;
  // Sessions of browsers outlive a server, so one link is enough.
  let shows = showsHub;
  try {
    for (;;) {
      const lost = Promise.withResolvers<'lost'>();
      session.onLost(() => lost.resolve('lost'));
      const untell = tell(context, session.client);
      try {
        await session.subscribed();
        await greet(context, session);
        opened = await openApi(context, session, wanted);
        // Programs know the port by now, so the next server takes the same.
        if (opened !== null) wanted = { ...wanted, port: opened.port };
        if (opened !== null && shows) await showHub(context, session.client);
        shows = false;
        broken = 0;
        if ((await Promise.race([lost.promise, interrupted.promise])) === null) return 0;
      } catch (thrown) {
        if (!(thrown instanceof OspainError) || thrown.code !== 'unavailable' || broken >= PATIENCE) throw thrown;
        broken += 1;
      } finally {
        untell();
      }
      opened = null;
      screen.print('The server went away; another one takes its place.');
      session = await link.reopen();
    }
  } finally {
    stop();
    serving.dispose();
    // A server that stays has no port open for a command that went.
    if (opened?.ours) await session.client.request('api/stop', {}).catch(() => {});
  }
}

async function greet({ screen }: Context, { client, attached }: Session): Promise<void> {
  const status = await client.request('server/status', {});
  const { schedules } = await client.request('schedule/list', {});
  screen.data({ status });
  for (const schedule of schedules) screen.data({ schedule });
  const whose = attached ? 'by a server that was there already; when it ends, this one takes its place' : 'here';
  screen.print(`${screen.safe(status.workspace)} is served ${whose} (process ${status.pid}). Ctrl+C ends.`);
  const on = schedules.filter(({ enabled, nextAt }) => enabled && nextAt !== null);
  const next = on.toSorted((one, other) => (one.nextAt ?? 0) - (other.nextAt ?? 0))[0];
  screen.print(
    next === undefined
      ? 'No schedule will be due.'
      : `${plural(on.length, 'schedule')}; next run: ${nextText(next, Date.now())} (schedule ${next.number}).`,
  );
}

/** Prints what tasks and schedules do from now on; the returned function ends it. */
function tell({ screen }: Context, client: Client): () => void {
  const seen = new Map<string, Task['status']>();
  const line = (text: string) => screen.print(`${screen.paint.dim(localTime(Date.now()))}  ${text}`);
  const onTask = (task: Task) => {
    if (seen.get(task.id) === task.status) return;
    seen.set(task.id, task.status);
    screen.data({ task });
    const why = task.error === null ? '' : ` (${task.error.code})`;
    line(
      `${symbol(task.status, screen.paint)} Task ${task.number} is ${task.status}${why}: ${oneLine(task.instruction)}`,
    );
  };
  const onSchedule = (schedule: Schedule) => {
    screen.data({ schedule });
    line(`Schedule ${schedule.number}: next run ${nextText(schedule, Date.now())}.`);
  };
  const stops = [
    client.on('task/didChange', ({ task }) => onTask(task)),
    client.on('schedule/didChange', ({ schedule }) => onSchedule(schedule)),
    client.on('server/didLog', ({ level, message }) => {
      if (level === 'error' || level === 'warn') screen.warn(oneLine(message));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
