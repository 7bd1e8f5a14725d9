import type { Command } from 'commander';
import * as models from './modelCommands.ts';
import type { Context } from './taskCommands.ts';

/** Gives a command its surroundings, and ends them after it. */
type Action = (
  command: (context: Context, ...args: string[]) => Promise<number>,
) => (...parsed: unknown[]) => Promise<void>;

const IMPORT_EXAMPLES = `
The file is copied into the store of your user, which all folders share. A version never changes: other bytes are
another version. Without --version it is the next one. GGUF files run; others are only kept.

Examples:
  ospain2 model import ~/Downloads/qwen3-8b-Q4_K_M.gguf --alias default
  ospain2 model import coder.gguf --name coder --version 1.0.0 --alias fill --move
`;

const ALIAS_EXAMPLES = `
Tasks use "default", inline completion "fill", similar texts "embed"; other names are yours.

Examples:
  ospain2 model alias default qwen3-8b@1.1.0
`;

/** `ospain2 model …`. */
export function addModelCommands(program: Command, action: Action): void {
  const model = program.command('model').description('get, keep, choose and measure models');
  const add = (usage: string, description: string, examples = '') =>
    model.command(usage).description(description).addHelpText('after', examples);
  const ofModel = (name: string, description: string, run: (context: Context, ref: string) => Promise<number>) =>
    add(`${name} <model>`, description).action(action((context, ref = '') => run(context, ref)));

  add('list', 'list models, their versions and aliases').action(action(models.listModels));
  ofModel('show', 'show everything that is known of a model: name, name@version or alias', models.showModel);
  const imported = add('import <file>', 'take a model file into the store', IMPORT_EXAMPLES)
    .option('--name <name>', 'what it is called; else from the name of the file')
    .option('--version <version>', 'a semantic version; else the next one')
    .option('--alias <alias>', 'a name that leads to it from now on')
    .option('--licence <name>', 'its licence, where the file does not say')
    .option('--link', 'share the file with where it is, instead of a copy')
    .option('--move', 'take the file away from where it is');
  imported.action(action((context, file = '') => models.importModel(context, file, imported.opts())));
  ofModel('remove', 'remove a version and free its space', models.removeModel);
  add('alias <alias> <model>', 'let an alias lead to a version', ALIAS_EXAMPLES).action(
    action((context, alias = '', ref = '') => models.setAlias(context, alias, ref)),
  );
  add('unalias <alias>', 'remove an alias').action(action((context, alias = '') => models.removeAlias(context, alias)));
  const tagged = add('tag <model>', 'label a version')
    .option('--add <tag...>', 'labels to put on it')
    .option('--remove <tag...>', 'labels to take off');
  tagged.action(action((context, ref = '') => models.tagModel(context, ref, tagged.opts())));
  ofModel('verify', 'read its files again and compare them with what was imported', models.verifyModel);
  const collected = add('gc', 'free what no version names').option('--dry-run', 'only say what would be freed');
  collected.action(action((context) => models.collectModels(context, collected.opts())));
}
