import { type KeyStatus, type KeysMoved, OspainError } from '../../protocol/index.ts';
import type { RecordAudit } from '../audit/auditLog.ts';
import type { Handlers } from '../dispatch.ts';
import type { Keeping, KeyChanges } from '../keys/keyChanges.ts';
import type { Keys } from '../keys/keys.ts';
import { goodPassphrase } from '../keys/passphrase.ts';
import { isBehind, type Moved, moveDatabases } from '../keys/rotation.ts';
import { setAside } from '../keys/setAside.ts';

interface KeyDeps {
  keys: Keys;
  changes: KeyChanges;
  lockAfterMinutes: number;
  /** Runs while this server has no database open, and then opens them again where that is possible. */
  whileClosed<T>(run: () => Promise<T>): Promise<T>;
  /** Makes what else is secret anew: the API's token, the sessions of the hub. */
  renew(): Promise<void>;
  /** Writes to the user's log, where that is open. */
  record: RecordAudit;
  now: () => number;
}

export type KeyHandlers = Pick<Handlers, Extract<keyof Handlers, `keys/${string}`>>;

export function createKeyHandlers(deps: KeyDeps): KeyHandlers {
  const { keys, changes, whileClosed, record } = deps;

  const behind = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const place of keys.places()) if (await isBehind(keys, place).catch(() => true)) found.push(place.database);
    return found;
  };
  const status = async (): Promise<KeyStatus> => {
    const state = keys.state();
    const file = keys.file();
    const { memoryKib = 0, passes = 0, lanes = 0 } = file?.passphrase ?? {};
    return {
      ...{ state, path: keys.path, lockAfterMinutes: deps.lockAfterMinutes },
      store: file?.store ?? null,
      cost: file?.passphrase ? { memoryKib, passes, lanes } : null,
      recovery: file?.recovery != null,
      behind: state === 'open' ? await behind() : null,
      problem: keys.problem()?.message ?? null,
    };
  };

  /** Replaces the root secret and moves all databases; what is not moved now is when its server starts. */
  const replace = async (how: string, keeping: () => Keeping): Promise<KeysMoved> => {
    const recoveryLost = keys.root().file.recovery !== null;
    const moved = await whileClosed(async () => {
      await changes.replace(keeping());
      return move();
    });
    await deps.renew();
    record({ type: 'key.rotated', subject: how, details: { moved: moved.moved, left: moved.left.length } });
    return { status: await status(), ...moved, recoveryLost };
  };
  const move = async (): Promise<Moved> => {
    const moved = await moveDatabases(keys);
    if (moved.left.length === 0) await changes.tidy();
    return moved;
  };

  return {
    'keys/status': async () => ({ status: await status() }),
    async 'keys/unlock'({ passphrase }) {
      if (keys.state() === 'locked') {
        await keys.unlock(passphrase);
        await whileClosed(async () => {});
        record({ type: 'key.unlocked', subject: 'passphrase' });
      }
      return { status: await status() };
    },
    async 'keys/lock'() {
      if (keys.state() === 'open') {
        if (keys.root().file.store === 'passphrase') record({ type: 'key.locked', subject: 'asked' });
        else keys.lock();
        await whileClosed(async () => keys.lock());
      }
      return { status: await status() };
    },
    async 'keys/setPassphrase'({ passphrase }) {
      if (keys.root().file.store === 'passphrase')
        throw new OspainError('wrong_state', 'There is a passphrase already.', {
          hint: 'Change it instead: ospain2 key passphrase change',
        });
      goodPassphrase(passphrase);
      return replace('passphrase set', () => ({ store: 'passphrase', passphrase }));
    },
    async 'keys/changePassphrase'({ passphrase, next }) {
      if (keys.root().file.store !== 'passphrase') throw noPassphrase();
      goodPassphrase(next);
      await changes.prove(passphrase);
      await changes.changePassphrase(next);
      record({ type: 'key.changed', subject: 'passphrase' });
      return { status: await status() };
    },
    async 'keys/useStore'({ store, passphrase }) {
      await changes.prove(passphrase);
      return replace(`kept in: ${store}`, () => ({ store }));
    },
    async 'keys/rotate'({ passphrase = '', finish }) {
      if (finish) {
        const moved = await whileClosed(move);
        return { status: await status(), ...moved, recoveryLost: false };
      }
      await changes.prove(passphrase);
      const { store } = keys.root().file;
      return replace('rotated', () => (store === 'passphrase' ? { store, passphrase } : { store }));
    },
    async 'keys/createRecovery'({ passphrase }) {
      await changes.prove(passphrase);
      const recoveryKey = await changes.createRecovery();
      record({ type: 'key.made', subject: 'recovery key' });
      return { status: await status(), recoveryKey };
    },
    async 'keys/recover'({ recoveryKey, keep }) {
      if (keep.store === 'passphrase') goodPassphrase(keep.passphrase);
      const moved = await whileClosed(async () => {
        await changes.recover(recoveryKey, keep);
        return move();
      });
      record({ type: 'key.recovered', subject: keep.store });
      return { status: await status(), ...moved, recoveryLost: false };
    },
    async 'keys/setAside'() {
      const moved = await whileClosed(() => setAside(keys, deps.now));
      record({ type: 'key.changed', subject: 'set aside', details: { files: moved.map(({ to }) => to) } });
      return { status: await status(), moved };
    },
  };
}

const noPassphrase = (): OspainError =>
  new OspainError('wrong_state', 'No passphrase is set.', { hint: 'Set one: ospain2 key passphrase set' });
