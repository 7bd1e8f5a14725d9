import type { Command } from 'commander';
import { OspainError } from '../protocol/index.ts';
import type { Action } from './action.ts';
import { type DemoOptions, demo } from './demoCommands.ts';
import { COMMAND_EXAMPLES } from './helpText.ts';

/** Puts `name.of.it=value` where the server's settings have it; a value is JSON, or else text. */
export function parseSetting(text: string, before: Record<string, unknown>): Record<string, unknown> {
  const [, name = '', value = ''] = /^([a-z]\w*(?:\.[a-z]\w*)*)=(.*)$/is.exec(text) ?? [];
  if (name === '')
    throw new OspainError('invalid_params', `${JSON.stringify(text)} is not a setting with its value.`, {
      hint: 'For example --set workers.runtime=container, or --set threads=2.',
    });
  const [first = '', ...rest] = name.split('.');
  const group = before[first];
  if (rest.length === 0) return { ...before, [first]: jsonOr(value) };
  const inner = typeof group === 'object' && group !== null ? { ...group } : {};
  return { ...before, [first]: parseSetting(`${rest.join('.')}=${value}`, inner) };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function addDemoCommand(program: Command, action: Action): void {
  const command = program
    .command('demo')
    .description('show real tasks of the embedded model on a copy of a sample folder')
    .option(
      '--set <name=value>',
      'a setting of the server that is started for it; may be given again',
      parseSetting,
      {},
    )
    .addHelpText('after', COMMAND_EXAMPLES['demo'] ?? '');
  command.action(
    action((context) => {
      const { set, workers = context.host.env['OSPAIN2_WORKERS'] } = command.optsWithGlobals<
        DemoOptions & { workers?: string }
      >();
      return demo(context, { set: workers ? { workers: { runtime: workers }, ...set } : set });
    }),
  );
}
