import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { type AutoAccept, OspainError, type Plan, parsePlan, planText } from '../protocol/index.ts';
import type { Screen } from './screen.ts';
import { type Context, taskRef } from './taskCommands.ts';
import { plural } from './text.ts';

export async function showPlan({ link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  const { plan } = await client.request('plan/show', { taskId: taskRef(ref) });
  screen.data({ plan });
  screen.print(screen.safe(planText(plan.parts)).trimEnd());
  warn(plan, screen);
  return 0;
}

export async function editPlan({ host, link, screen }: Context, ref: string, file: string): Promise<number> {
  const text = file === '-' ? await readAll(host.stdin) : await readPlan(resolve(host.cwd, file));
  const { client } = await link.open();
  const { plan } = await client.request('plan/edit', { taskId: taskRef(ref), parts: parsePlan(text) });
  screen.data({ plan });
  screen.print(`The plan has ${plural(plan.parts.length, 'part')}. Start it: ospain2 plan start ${taskRef(ref)}`);
  warn(plan, screen);
  return 0;
}

export async function startPlan(
  { link, screen }: Context,
  ref: string,
  { model, auto }: { model?: string; auto: AutoAccept },
): Promise<number> {
  const { client } = await link.open();
  const named = model === undefined ? {} : { model };
  const { plan } = await client.request('plan/start', { taskId: taskRef(ref), autoAccept: auto, ...named });
  screen.data({ plan });
  const made = plan.parts.length === 1 ? 'Its part is a task' : `Its ${plan.parts.length} parts are tasks`;
  screen.print(`${made} now. Look: ospain2 task graph ${taskRef(ref)}`);
  return 0;
}

async function readPlan(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new OspainError('not_found', `The file ${path} cannot be read.`, { cause });
  }
}

function warn({ warnings }: Plan, screen: Screen): void {
  for (const { part, text } of warnings) screen.warn(`Part ${part}: ${screen.safe(text)}`);
}
