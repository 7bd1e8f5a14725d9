import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join, posix, resolve, win32 } from 'node:path';
import { OspainError } from '../../protocol/index.ts';
import { createPrivateFolder } from './privateFolder.ts';
import { guarded } from './storageErrors.ts';

/** Where everything of one workspace is kept: per user, outside the workspace, the same for every carrier. */
export interface DataFolder {
  /** Holds the folders of all workspaces. */
  root: string;
  /** Names the workspace: the first 16 hexadecimal digits of the SHA-256 of its real path. */
  id: string;
  folder: string;
  database: string;
  /** The file of a key that the database has of its own, as in earlier versions. */
  key: string;
  /** The folder of parked conversations. */
  parked: string;
  /** The address of the local socket; on Windows a named pipe. */
  socket: string;
}

/** A database, by the name that its key is made for, and the file of a key of its own, which those of earlier versions have. */
export type DatabasePlace = Pick<DataFolder, 'id' | 'folder' | 'database' | 'key'>;

/** Bytes that a socket's path may have: `sun_path` holds 104 on macOS and 108 on Linux, the last one a zero. */
const MAX_SOCKET_PATH = 103;

export function dataFolder(
  workspace: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): DataFolder {
  const { join } = platform === 'win32' ? win32 : posix;
  const root = rootFolder(env, platform);
  const id = shortHash(realPath(workspace));
  const folder = join(root, 'workspaces', id);
  // Two roots have two databases, so they need two sockets.
  const name = shortHash(`${root}\0${id}`);
  const socket = platform === 'win32' ? `\\\\.\\pipe\\ospain2-${name}` : socketPath(name, env);
  return {
    root,
    id,
    folder,
    database: join(folder, 'ospain2.db'),
    key: join(folder, 'key'),
    parked: join(folder, 'parked'),
    socket,
  };
}

/** The databases of all workspaces that have one. */
export function workspacePlaces(root: string): DatabasePlace[] {
  const folder = join(root, 'workspaces');
  const ids = existsSync(folder) ? guarded(() => readdirSync(folder)).toSorted() : [];
  return ids.map((id) => placeIn(join(folder, id), id)).filter(({ database }) => existsSync(database));
}

const placeIn = (folder: string, id: string): DatabasePlace => ({
  ...{ id, folder },
  database: join(folder, 'ospain2.db'),
  key: join(folder, 'key'),
});

/** Makes the folders of the database and of the socket, for this user alone. */
export function createFolders(data: DataFolder, platform: NodeJS.Platform = process.platform): void {
  guarded(() => createPrivateFolder(data.folder));
  if (platform === 'win32') return;
  const folder = posix.dirname(data.socket);
  guarded(() => createPrivateFolder(folder));
  // In a shared temporary folder somebody else could have made it first, and would then stand between us and clients.
  const { uid, mode } = lstatSync(folder);
  // Not by the system's list of users: in a container this one need not be in it.
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0)
    throw new OspainError('unavailable', `The folder of the local socket, ${folder}, belongs to somebody else.`, {
      hint: 'Set XDG_RUNTIME_DIR to a folder of your own.',
    });
}

function rootFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { isAbsolute, join } = platform === 'win32' ? win32 : posix;
  const chosen = env['OSPAIN2_DATA_DIR'];
  if (chosen) return isAbsolute(chosen) ? chosen : resolve(chosen);
  const home = env[platform === 'win32' ? 'USERPROFILE' : 'HOME'] || homedir();
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'OSPAiN2');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'OSPAiN2');
  const shared = env['XDG_DATA_HOME'];
  // A relative one is to be ignored: XDG Base Directory Specification 0.8.
  return join(shared && isAbsolute(shared) ? shared : join(home, '.local', 'share'), 'ospain2');
}

function socketPath(name: string, env: NodeJS.ProcessEnv): string {
  const own = `ospain2-${process.getuid?.() ?? userInfo().uid}`;
  const runtime = env['XDG_RUNTIME_DIR'];
  const candidates = [
    ...(runtime && posix.isAbsolute(runtime) ? [posix.join(runtime, 'ospain2')] : []),
    posix.join(tmpdir(), own),
    posix.join('/tmp', own),
  ].map((folder) => posix.join(folder, `${name}.sock`));
  const short = candidates.find((path) => Buffer.byteLength(path) <= MAX_SOCKET_PATH);
  // The last candidate is always short enough.
  return short ?? posix.join('/tmp', own, `${name}.sock`);
}

/** One workspace has one name, however it was reached: links and, on Windows and macOS, letter case are resolved. */
function realPath(workspace: string): string {
  try {
    return realpathSync.native(workspace).normalize('NFC');
  } catch {
    return resolve(workspace).normalize('NFC');
  }
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
