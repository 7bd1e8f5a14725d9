import type { HostFolders } from './hostFolders.ts';

/** Where the stage keeps the view; nothing of the host is called so. */
export const VIEW = '/view';

/** How much one command may take. Sizes are bytes. */
export interface Limits {
  /** Of all its processes together. */
  memory: number;
  /** What it writes: in the view, in /tmp, in its home. It lies in memory. */
  scratch: number;
  processes: number;
}

export interface Walls {
  /** Real path of the workspace; a command sees it where it is. */
  root: string;
  /** A command finds an empty folder there. */
  home: string;
  /** Folders that lie in what is seen and must not be: the product's own, for one. */
  hidden: readonly string[];
  folders: HostFolders;
  env: Readonly<Record<string, string>>;
  limits: Limits;
  /** Who the workspace belongs to on the host; the sandbox is theirs. */
  owner: { uid: number; gid: number };
  /** Who the command is for itself, and for the files that it makes. */
  uid: number;
  gid: number;
}

/*
 * Two sandboxes, one in the other. In the outer one the stage (stage.ts) makes the view: it may mount, and sees the host
 * read-only. The command runs in the inner one, which has no capability and no way to the stage: other processes, other
 * users, and the view without what it is made of. When the inner one ended, nothing of the command runs any more, so what
 * is then read of the view stands still.
 */

/** Of `bwrap`, up to the program of the stage. `info` and the ones that the stage uses are numbers of open files. */
export function outerArguments({ root, home, hidden, folders, limits }: Walls, info: number): string[] {
  return [
    ...['--unshare-all', '--die-with-parent', '--new-session', '--hostname', 'sandbox', '--info-fd', String(info)],
    ...['--uid', '0', '--gid', '0', '--cap-drop', 'ALL', ...STAGE_CAPABILITIES.flatMap((name) => ['--cap-add', name])],
    ...folders.seen.flatMap((path) => ['--ro-bind', path, path]),
    ...folders.links.flatMap(({ path, target }) => ['--symlink', target, path]),
    ...['--tmpfs', home],
    ...folders.inHome.flatMap((path) => ['--ro-bind', path, path]),
    ...hidden.flatMap((path) => ['--tmpfs', path]),
    ...['--proc', '/proc', '--dev', '/dev', '--dir', '/tmp', '--dir', '/var/tmp', '--dir', '/run'],
    // The inner sandbox can only mount one of its own while a whole one is in sight, which that of this sandbox is not.
    ...['--bind', '/proc', `${VIEW}/proc`],
    ...OWN_FILES.flatMap((path) => ['--ro-bind', '/dev/null', path]),
    ...['--dir', root, '--dir', `${VIEW}/merged`, '--ro-bind', root, `${VIEW}/lower`],
    ...['--size', String(limits.scratch), '--tmpfs', `${VIEW}/rw`],
  ];
}

/** To mount, to map users, and to read what the workspace's owner can read. */
const STAGE_CAPABILITIES = [
  ...['CAP_SYS_ADMIN', 'CAP_SETUID', 'CAP_SETGID', 'CAP_SETFCAP', 'CAP_SETPCAP', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER'],
  ...['CAP_CHOWN', 'CAP_MKNOD', 'CAP_SYS_PTRACE', 'CAP_NET_ADMIN'],
];

/** Files of the sandbox's own, in place of those of the host. */
export const OWN_FILES = ['/etc/passwd', '/etc/group', '/etc/hosts'] as const;

/** What a kernel shows in /proc that a command must not change, which the real root could; and must not see. */
const PROC_FIXED = ['sys', 'sysrq-trigger', 'irq', 'bus', 'fs', 'scsi', 'acpi', 'mtrr'];
const PROC_HIDDEN = ['kcore', 'keys', 'key-users', 'kmsg', 'timer_list', 'sched_debug', 'kpagecount', 'kpageflags'];

/** Of the inner `bwrap`, up to the program of the command. `there` says what exists in the outer sandbox's /proc and in the root. */
export function innerArguments(walls: Walls, cwd: string, seccomp: number | undefined, there: There): string[] {
  const { root, home, folders, env, uid, gid } = walls;
  const procFiles = (names: readonly string[]) => names.filter(there.inProc).map((name) => `/proc/${name}`);
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-cgroup-try', '--disable-userns'],
    ...['--die-with-parent', '--new-session', '--uid', String(uid), '--gid', String(gid), '--cap-drop', 'ALL'],
    ...(seccomp === undefined ? [] : ['--seccomp', String(seccomp)]),
    ...['--ro-bind', '/', '/', '--tmpfs', VIEW, '--chmod', '0555', VIEW],
    ...['--bind', `${VIEW}/rw/tmp`, '/tmp', '--bind', `${VIEW}/rw/tmp`, '/var/tmp', '--bind', `${VIEW}/rw/home`, home],
    ...folders.inHome.flatMap((path) => ['--ro-bind', path, path]),
    ...OWN_FILES.flatMap((path) => ['--ro-bind', `${VIEW}/rw${path}`, path]),
    ...['--bind', `${VIEW}/merged`, root],
    ...(there.git ? ['--ro-bind', `${VIEW}/merged/.git`, `${root}/.git`] : []),
    ...['--remount-ro', VIEW, '--proc', '/proc'],
    ...procFiles(PROC_FIXED).flatMap((path) => ['--ro-bind', path, path]),
    ...procFiles(PROC_HIDDEN).flatMap((path) => ['--ro-bind', '/dev/null', path]),
    ...['--dev', '/dev', '--bind', `${VIEW}/rw/shm`, '/dev/shm', '--remount-ro', '/dev'],
    ...['--clearenv', ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]), '--chdir', cwd],
  ];
}

export interface There {
  inProc(name: string): boolean;
  /** Whether the workspace has a `.git` at its root. */
  git: boolean;
}
