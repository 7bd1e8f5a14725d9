import { type Command, Option } from 'commander';
import { ModelTask } from '../protocol/index.ts';
import type { Action } from './action.ts';
import * as adoption from './adoptCommands.ts';
import { listEgress } from './egressCommand.ts';
import * as models from './modelCommands.ts';
import * as pulls from './pullCommands.ts';
import type { Context } from './taskCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

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

const PULL_EXAMPLES = `
The only command that goes out to other machines, to the hosts of the source alone, and only while it runs; each
connection is written down (ospain2 egress). The file is read whole before it is used. Pulling the same again goes on where
it was interrupted. HF_TOKEN is sent to Hugging Face alone.

Examples:
  ospain2 model pull hf:Qwen/Qwen3-8B-GGUF:Q4_K_M --alias default
  ospain2 model pull https://example.org/coder.gguf --name coder
  ospain2 model pull ospain2://192.168.1.7:3100/qwen3-8b@1.0.0
`;

/** `ospain2 model …` and `ospain2 egress`. */
export function addModelCommands(program: Command, action: Action): void {
  const model = program.command('model').description('get, keep, choose and measure models');
  const add = (usage: string, description: string, examples = '') =>
    model.command(usage).description(description).addHelpText('after', examples);
  const ofModel = (name: string, description: string, run: (context: Context, ref: string) => Promise<number>) =>
    add(`${name} <model>`, description).action(action((context, ref = '') => run(context, ref)));

  add('list', 'list models, their versions and aliases').action(action(models.listModels));
  ofModel('show', 'show everything that is known of a model: name, name@version or alias', models.showModel);
  const withConsent = (command: Command) =>
    command
      .option('--allow-http', 'also without encryption from the open internet')
      .option('--allow-host <host...>', 'also from hosts that the source leads to');
  const pulled = withConsent(add('pull <source>', 'fetch a model from another machine', PULL_EXAMPLES))
    .option('--name <name>', 'what it is called; else as the source says')
    .option('--version <version>', 'a semantic version; else the next one')
    .option('--alias <alias>', 'a name that leads to it from now on')
    .option('--licence <name>', 'its licence, where nothing else says it');
  pulled.action(action((context, source = '') => pulls.pullModel(context, source, pulled.opts())));
  add('pulls', 'list what was and is fetched').action(action(pulls.listPulls));
  const resumed = withConsent(add('resume <pull>', 'go on with a pull: its source, or its id'));
  resumed.action(action((context, ref = '') => pulls.resumePull(context, ref, resumed.opts())));
  add('cancel <pull>', 'give a pull up, and what was fetched').action(
    action((context, ref = '') => pulls.cancelPull(context, ref)),
  );
  const imported = add('import <file>', 'take a model file into the store', IMPORT_EXAMPLES)
    .option('--name <name>', 'what it is called; else from the name of the file')
    .option('--version <version>', 'a semantic version; else the next one')
    .option('--alias <alias>', 'a name that leads to it from now on')
    .option('--licence <name>', 'its licence, where the file does not say')
    .option('--link', 'share the file with where it is, instead of a copy')
    .option('--move', 'take the file away from where it is');
  imported.action(action((context, file = '') => models.importModel(context, file, imported.opts())));
  add('adoptable', 'list models that Ollama, LM Studio and others hold on this disk').action(
    action(adoption.listAdoptable),
  );
  const adopted = add('adopt [file]', 'use such a model; its file is shared, not copied')
    .option('--all', 'all of them')
    .option('--name <name>', 'what it is called; else as the other program says')
    .option('--alias <alias>', 'a name that leads to it from now on');
  adopted.action(action((context, file) => adoption.adopt(context, file, adopted.opts())));
  const catalogue = add('catalogue', 'name models that this machine has the memory for').addOption(
    new Option('--task <task>', 'what it is for').choices(ModelTask.options).default('code'),
  );
  catalogue.action(action((context) => adoption.listCatalogue(context, catalogue.opts())));
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

  ofModel('load', 'load a model now', (context, ref) => models.holdModel(context, ref, 'load'));
  ofModel('unload', 'end its worker and free its memory', (context, ref) => models.holdModel(context, ref, 'unload'));
  ofModel('pin', 'never unload it to make room', (context, ref) => models.holdModel(context, ref, 'pin'));
  ofModel('unpin', 'let it be unloaded to make room', (context, ref) => models.holdModel(context, ref, 'unpin'));
  ofModel('bench', 'measure prompt and answer tokens a second, load time and memory', models.benchModel);
  const sent = program
    .command('egress')
    .description('list every connection to another machine, newest first')
    .option('-n, --limit <count>', 'at most so many', wholeNumber, 50);
  sent.action(action((context) => listEgress(context, sent.opts())));
}
