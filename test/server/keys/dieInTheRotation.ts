/** Replaces the root secret and moves all databases, and kills itself at the nth step: run by `rotation.test.ts`. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import Database from 'better-sqlite3';
import { userKeys } from '../../support/userKeys.ts';

const [root = '', deathAt] = process.argv.slice(2);
let left = Number.POSITIVE_INFINITY;
const before = <T, A extends unknown[], R>(run: (this: T, ...args: A) => R) =>
  function (this: T, ...args: A): R {
    if (--left === 0) process.kill(process.pid, 'SIGKILL');
    return run.apply(this, args);
  };
fs.renameSync = before(fs.renameSync);
fs.fsyncSync = before(fs.fsyncSync);
fs.writeFileSync = before(fs.writeFileSync) as typeof fs.writeFileSync;
fs.copyFileSync = before(fs.copyFileSync) as typeof fs.copyFileSync;
const remove = fs.rmSync;
const dieThenRemove = before(remove);
// What changes nothing is no step.
fs.rmSync = (path, options) => (fs.existsSync(path) ? dieThenRemove(path, options) : undefined);
syncBuiltinESMExports();
const { pragma } = Database.prototype;
const dieThenAsk = before(pragma);
Database.prototype.pragma = function (this: Database.Database, asked, options) {
  return (/^(rekey|quick_check|journal_mode)/.test(asked) ? dieThenAsk : pragma).call(this, asked, options);
};

const { createKeyChanges } = await import('../../../server/keys/keyChanges.ts');
const { moveDatabases } = await import('../../../server/keys/rotation.ts');
const keys = await userKeys({ root, env: {}, keyring: async () => undefined });
const changes = createKeyChanges(keys, { memoryKib: 8, passes: 1, lanes: 1 });
left = Number(deathAt);
await changes.replace({ store: 'passphrase', passphrase: 'four words and a number 7' });
const { left: behind } = await moveDatabases(keys);
if (behind.length > 0) throw new Error(JSON.stringify(behind));
await changes.tidy();
