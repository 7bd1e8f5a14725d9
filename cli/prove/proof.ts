import type { AuditVerdict } from '../../protocol/index.ts';
import type { Permissions } from './permissions.ts';
import type { Planted } from './planted.ts';
import type { Processes } from './processes.ts';
import type { Found, Searched } from './search.ts';

/** One promise, and what was found when it was tried. */
export interface Proof {
  name: 'work' | 'connections' | 'plaintext' | 'audit' | 'permissions' | 'processes';
  /** Null: it could not be examined on this machine, and `examined` says why. */
  ok: boolean | null;
  /** The promise in a few words, with its figure. */
  said: string;
  /** What was looked at. */
  examined: string;
  /** What breaks it, one line each. */
  problems: string[];
}

/** What the program inside of the walls is told, on its standard input. */
export interface Task {
  folder: string;
  planted: Planted;
}

/** What it saw while its server ran; one line of JSON. */
export interface Seen {
  /** What was done with the planted texts. */
  deeds: string[];
  /** What could not be done. */
  failed: string[];
  searched: Searched;
  /** What guards refused, in the server and in the program itself. */
  refused: string[];
  /** Connections that the server recorded as agreed to; a proof agrees to none. */
  recorded: number;
  chains: Pick<AuditVerdict, 'log' | 'entries' | 'broken'>[];
  /** Types of entries that the deeds should have left, and how many are there. */
  entries: { type: string; expected: number; found: number }[];
  permissions: Permissions | null;
  processes: Processes | null;
}

/** The folders of one proof, below one that is its own. */
export const foldersOf = (folder: string) => ({
  workspace: `${folder}/workspace`,
  data: `${folder}/data`,
  run: `${folder}/run`,
  /** Everything else that a program may write to: home, caches, temporary files. */
  home: `${folder}/home`,
  temp: `${folder}/tmp`,
  /** What was given out: the backup. */
  out: `${folder}/out`,
});

/** Nothing of the person's is touched, and no setting of theirs changes what is proved. */
export function envOf(folder: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { data, run, home, temp } = foldersOf(folder);
  const kept = Object.entries(env).filter(([name]) => !/^(?:OSPAIN2_|HF_|XDG_|NODE_OPTIONS$)/.test(name));
  return {
    ...Object.fromEntries(kept),
    ...{ OSPAIN2_DATA_DIR: data, OSPAIN2_KEY_STORE: 'file' },
    ...{ HOME: home, USERPROFILE: home, APPDATA: home, LOCALAPPDATA: home },
    ...{ XDG_RUNTIME_DIR: run, XDG_CACHE_HOME: `${home}/cache`, XDG_CONFIG_HOME: `${home}/config` },
    ...{ XDG_DATA_HOME: `${home}/share`, XDG_STATE_HOME: `${home}/state` },
    ...{ TMPDIR: temp, TEMP: temp, TMP: temp },
  };
}

export const foundText = ({ path, what }: Found): string => `${path} holds a planted text (${what})`;
