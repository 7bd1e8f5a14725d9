import type { Command } from 'commander';
import type { Action } from './action.ts';
import { COMMAND_EXAMPLES } from './helpText.ts';
import * as keys from './keyCommands.ts';

/** `ospain2 key …` */
export function addKeyCommands(program: Command, action: Action): void {
  const key = program
    .command('key')
    .description('how the root secret is kept that all databases are encrypted with')
    .addHelpText('after', COMMAND_EXAMPLES['key'] ?? '');
  const add = (parent: Command, usage: string, description: string) => parent.command(usage).description(description);

  add(key, 'status', 'say where the root secret is, and whether everything has its key').action(action(keys.status));
  add(key, 'unlock', 'unlock the server that is running, with the passphrase').action(action(keys.unlockServer));
  add(key, 'lock', 'park what runs, close the databases and wipe the root secret from memory').action(
    action(keys.lock),
  );
  const rotated = add(key, 'rotate', 'make a new root secret and give every database a new key').option(
    '--finish',
    'only move databases that a rotation left',
  );
  rotated.action(action((context) => keys.rotate(context, rotated.opts<{ finish?: boolean }>())));
  add(key, 'store <place>', 'keep the root secret in the keyring or in a file').action(
    action((context, place = '') => keys.useStore(context, place)),
  );
  add(key, 'recovery', 'make a recovery key, which is shown once').action(action(keys.createRecovery));
  const recovered = add(key, 'recover', 'use the recovery key to keep the root secret under a new passphrase').option(
    '--store <place>',
    'keep it in the keyring or in a file instead',
  );
  recovered.action(action((context) => keys.recover(context, recovered.opts<{ store?: string }>())));
  const aside = add(key, 'set-aside', 'rename what no key opens any more, and start afresh; nothing is deleted').option(
    '-y, --yes',
    'do not ask',
  );
  aside.action(action((context) => keys.setAside(context, aside.opts<{ yes?: boolean }>())));

  const passphrase = key.command('passphrase').description('the passphrase that protects the root secret');
  add(passphrase, 'set', 'set one: everything gets a new key').action(action(keys.setPassphrase));
  add(passphrase, 'change', 'change it').action(action(keys.changePassphrase));
  add(passphrase, 'remove', 'keep the root secret in the keyring, or in a file where there is none').action(
    action((context) => keys.useStore(context, 'auto')),
  );
}
