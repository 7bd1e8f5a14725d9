import { accessSync, constants, existsSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { type Finding, OspainError } from '../../protocol/index.ts';
import { createFolders, type DataFolder } from '../storage/dataFolder.ts';
import { openKeyring, type Patience } from '../storage/keyring.ts';
import { createPrivateFolder } from '../storage/privateFolder.ts';
import { codeOf, guarded } from '../storage/storageErrors.ts';
import { failed, failedBy, ok, warning } from './finding.ts';

/** Bytes of room that a server and its journals need to go on, and that a model of ordinary size needs. */
const LEAST_ROOM = 200e6;
const GOOD_ROOM = 5e9;

/** Room and rights of the folder that holds all data, tried by writing there. */
export function checkFolder({ root }: Pick<DataFolder, 'root'>): Finding {
  try {
    guarded(() => createPrivateFolder(root));
    const others = othersMay(root);
    const { bavail, bsize } = statfsSync(root);
    const room = bavail * bsize;
    const found = `${root}, ${gigabytes(room)} free`;
    if (room < LEAST_ROOM) return failed('folder', found, `Free some space. ${MOVE}`);
    guarded(() => tryWriting(root));
    if (others)
      return warning('folder', `${found}, and other users of this machine may open it`, `Run: chmod 700 "${root}"`);
    if (room < GOOD_ROOM) return warning('folder', found, `A larger model needs more room than this. ${MOVE}`);
    return ok('folder', found);
  } catch (thrown) {
    const { message, hint } = OspainError.from(thrown);
    return failed('folder', `${root}: ${message}`, hint ?? MOVE);
  }
}

const MOVE = 'OSPAIN2_DATA_DIR moves the folder to another disk.';

const othersMay = (root: string): boolean => process.platform !== 'win32' && (statSync(root).mode & 0o077) !== 0;

function tryWriting(root: string): void {
  const folder = mkdtempSync(join(root, 'doctor-'));
  try {
    writeFileSync(join(folder, 'try'), Buffer.alloc(64 * 1024), { mode: 0o600, flush: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const INSTALL_KEYRING =
  process.platform === 'linux'
    ? 'That is weaker, and fine on a server. For a keyring install gnome-keyring or KeePassXC and log in to a desktop session.'
    : 'Look whether the keychain or the credential manager of the system works for you.';

/** Milliseconds. Nobody types a password for a doctor. */
const PATIENCE: Patience = { opening: 5000, answering: 5000 };

/** The keyring of the system, asked for an entry that nobody has; nothing is written. */
export async function checkKeyring(env: NodeJS.ProcessEnv, patience: Patience = PATIENCE): Promise<Finding> {
  if (env['OSPAIN2_KEY_STORE'] === 'file')
    return ok('keyring', 'not used: OSPAIN2_KEY_STORE=file keeps keys in files that only you can read');
  try {
    const keyring = await openKeyring('doctor', env, patience);
    if (keyring === undefined)
      return warning('keyring', `none; keys are kept in files that only you can read`, INSTALL_KEYRING);
    await keyring.read();
    return ok('keyring', 'answers');
  } catch (thrown) {
    if (thrown instanceof OspainError) return failedBy('keyring', thrown);
    return warning('keyring', 'it refuses; keys are kept in files that only you can read', INSTALL_KEYRING);
  }
}

/** Bytes that the server and a small model need. */
const LEAST_MEMORY = 1e9;
const GOOD_MEMORY = 4e9;
/** Part of what is free that the file of a model may have: contexts and the server need the rest. */
const MODEL_SHARE = 0.7;

export function checkMemory(
  available = process.availableMemory(),
  total = Math.min(totalmem(), process.constrainedMemory() || totalmem()),
): Finding {
  const found = `${gigabytes(available)} of ${gigabytes(total)} free`;
  const advice = 'Close other programs, or take a smaller model; a task waits until there is room.';
  if (available < LEAST_MEMORY) return failed('memory', found, advice);
  const fits = `${found}, room for a model file of about ${gigabytes(available * MODEL_SHARE)}`;
  return available < GOOD_MEMORY ? warning('memory', fits, advice) : ok('memory', fits);
}

/** The local socket, and what its path takes of the 103 bytes that systems give. */
export function checkSocket(data: DataFolder): Finding {
  const { socket } = data;
  if (process.platform === 'win32') return ok('socket', `the named pipe ${socket}`);
  try {
    createFolders(data);
    accessSync(dirname(socket), constants.W_OK);
    const found = `${socket}, ${Buffer.byteLength(socket)} of 103 bytes`;
    return ok('socket', existsSync(socket) ? found : `${found}; nobody listens there now`);
  } catch (thrown) {
    const isDenied = !(thrown instanceof OspainError) && codeOf(thrown) === 'EACCES';
    if (isDenied)
      return failed('socket', `${dirname(socket)} cannot be written`, 'Set XDG_RUNTIME_DIR to a folder of your own.');
    return failedBy('socket', thrown);
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
