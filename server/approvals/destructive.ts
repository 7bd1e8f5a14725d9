import type { Shell } from './command.ts';

/**
 * What can hardly be undone, or reaches beyond the folder: a person is asked each time, whatever rules and levels allow. It
 * is data: an entry is about a command when one of the programs is run and all of the conditions hold. It need not find
 * everything, since what nobody allowed is asked about anyway.
 */
export interface Destructive extends Conditions {
  /** Names without folder and ending, in lower case; `*` at the end stands for any letters. */
  programs: readonly string[];
  /** What the person reads: a sentence. */
  reason: string;
}

interface Conditions {
  shells?: readonly Shell[];
  /** All of these are among its words. */
  words?: readonly string[];
  /** One of these is among its options; short ones (`-f`) also within a group (`-xf`), long ones also with `=`. */
  options?: readonly string[];
  /** One of its words looks like this. */
  like?: RegExp;
  /** It names something that is not plainly a file or folder within the workspace. */
  beyond?: true;
  /** It reads what another command writes. */
  piped?: true;
}

const of = (programs: string, reason: string, conditions: Conditions = {}): Destructive => ({
  programs: programs.split(' '),
  reason,
  ...conditions,
});

const POSIX: readonly Shell[] = ['posix'];
const WINDOWS: readonly Shell[] = ['cmd', 'powershell'];
const POWERSHELL: readonly Shell[] = ['powershell'];
/** `Remove-Item` and its other names. */
const REMOVE = 'remove-item ri rm del erase rd rmdir';

export const destructive: readonly Destructive[] = [
  // Files
  of('rm rmdir unlink truncate', 'It deletes what is not plainly within the folder.', { shells: POSIX, beyond: true }),
  of('rm', 'It deletes the whole file system.', { options: ['--no-preserve-root'] }),
  of('shred srm wipe', 'What it deletes cannot be restored.'),
  of('find fd fdfind', 'It deletes every file that it finds.', { options: ['-delete'] }),
  of('find fd fdfind xargs parallel', 'It deletes every file that it finds.', { like: /(^|\/)(rm|unlink|shred)$/ }),
  of('mv cp install ln tee rsync tar unzip', 'It may write outside of the folder.', { shells: POSIX, beyond: true }),
  of('rsync', 'It deletes files that are missing elsewhere.', { like: /^--(del|remove-source)/ }),
  of('chmod chown chgrp setfacl chattr', 'It changes who may use whole folders.', { options: ['-R', '--recursive'] }),
  of('chmod chown chgrp setfacl chattr', 'It changes who may use what is outside of the folder.', { beyond: true }),
  of('del erase rd rmdir', 'It deletes whole folders.', { shells: WINDOWS, like: /^\/s/i }),
  of('clear-content copy-item move-item', 'It may write outside of the folder.', { shells: POWERSHELL, beyond: true }),
  of('copy move xcopy ren', 'It may write outside of the folder.', { shells: ['cmd'], beyond: true }),
  of(REMOVE, 'It deletes what is not plainly within the folder.', { shells: WINDOWS, beyond: true }),
  of(REMOVE, 'It deletes whole folders.', { shells: POWERSHELL, like: /^-r(ec?|ecu|ecur|ecurs|ecurse)?$/i }),
  of(REMOVE, 'It deletes protected files too.', { shells: POWERSHELL, like: /^-fo/i }),
  of('robocopy', 'It deletes files that are missing elsewhere.', { like: /^\/(mir|purge|move?)$/i }),
  of('icacls takeown cacls', 'It changes who may use files.'),
  of('cipher', 'It overwrites the free space of a disk.', { like: /^\/w/i }),

  // Disks
  of('mkfs mkfs.* mke2fs mkswap wipefs blkdiscard hdparm sgdisk fdisk sfdisk parted', 'It deletes whole disks.'),
  of('cryptsetup lvremove vgremove pvremove zpool mdadm', 'It deletes whole disks.'),
  of('dd', 'It writes outside of the folder, such as over a disk.', { beyond: true }),
  of('diskutil', 'It deletes whole disks.', { like: /^(erase|partition|secureerase|zerodisk|reformat)/i }),
  of('mount umount losetup swapoff', 'It changes which disks are there.'),
  of('format diskpart fsutil vssadmin wbadmin bcdedit', 'It deletes whole disks.', { shells: WINDOWS }),
  of('format-volume clear-disk initialize-disk remove-partition', 'It deletes whole disks.'),

  // The machine
  of('shutdown reboot halt poweroff init telinit logoff', 'It ends everything that runs on this machine.'),
  of('stop-computer restart-computer', 'It ends everything that runs on this machine.'),
  of('kill pkill killall xkill taskkill tskill stop-process', 'It ends other programs.'),
  of('systemctl service launchctl rc-service initctl update-rc.d', 'It changes what runs on this machine.'),
  of('sc net set-service stop-service new-service remove-service', 'It changes what runs on this machine.', {
    shells: WINDOWS,
  }),
  of('crontab at batch atrm systemd-run schtasks', 'It starts programs at times, also when nobody looks.'),
  of('register-scheduledtask unregister-scheduledtask', 'It starts programs at times, also when nobody looks.'),
  of('sudo doas su pkexec run0 runas gsudo', 'It acts as another user, who may do more.'),
  of('useradd userdel usermod adduser deluser groupadd groupdel', 'It changes who may use this machine.'),
  of('passwd chpasswd visudo chsh dscl new-localuser remove-localuser', 'It changes who may use this machine.'),
  of('sysctl modprobe insmod rmmod setenforce csrutil spctl nvram', 'It changes the system.'),
  of('iptables ip6tables nft ufw firewall-cmd netsh', 'It changes who reaches this machine.'),
  of('reg regedit remove-itemproperty set-itemproperty', 'It changes the registry.', { shells: WINDOWS }),
  of('setx wmic remove-ciminstance invoke-cimmethod', 'It changes the system.', { shells: WINDOWS }),
  of('set-executionpolicy set-mppreference add-mppreference', 'It takes a protection of the system away.'),
  of('defaults', 'It changes settings of the user.', { like: /^(delete|write)$/ }),
  of('apt apt-get dpkg yum dnf rpm pacman zypper apk snap flatpak', 'It changes what is installed on this machine.'),
  of('brew port choco winget scoop emerge nix-env', 'It changes what is installed on this machine.'),

  // What others have
  of('git', 'It overwrites or deletes what others have.', {
    words: ['push'],
    options: ['-f', '--force', '--force-with-lease', '--force-if-includes', '--mirror', '--delete', '-d', '--prune'],
  }),
  of('git', 'It overwrites or deletes what others have.', { words: ['push'], like: /^[+:]./ }),
  of('npm pnpm yarn bun cargo gem poetry flit hatch uv twine', 'It hands something to others.', {
    like: /^(publish|unpublish|deprecate|yank|push|upload|dist-tag|owner|token|login|logout|adduser)$/,
  }),
  of('dotnet vsce ovsx lerna mvn gradle helm dart flutter changeset', 'It hands something to others.', {
    like: /^(publish|unpublish|push|upload|deploy|release|login)$/,
  }),
  of('gh glab hub', 'It changes what others see.', {
    like: /^(delete|merge|close|release|create|edit|secret|auth|api|transfer|archive)$/,
  }),
  of('docker podman nerdctl docker-compose', 'It acts outside of the folder, or deletes what is there.', {
    like: /^(push|rm|rmi|prune|kill|volume|system|login|run|exec|cp|down)$/,
  }),
  of('kubectl oc', 'It changes what runs elsewhere.', {
    like: /^(delete|apply|replace|drain|scale|exec|patch|edit|rollout|create)$/,
  }),
  of('terraform tofu pulumi cdk serverless sam', 'It changes what runs elsewhere.', {
    like: /^(apply|destroy|up|import|state|deploy|remove|taint)$/,
  }),
  of('ansible ansible-playbook', 'It changes what runs elsewhere.'),
  of('aws gcloud az doctl heroku fly flyctl vercel netlify wrangler firebase', 'It changes what runs elsewhere.'),
  of('ssh scp sftp rsh telnet nc ncat netcat socat ftp mosh enter-pssession', 'It acts on other machines.'),
  of('mail mailx sendmail mutt send-mailmessage', 'It writes to others.'),

  // Work that no commit has
  of('git', 'It throws away changes that are not committed.', { words: ['reset'], options: ['--hard', '--merge'] }),
  of('git', 'It deletes files that no commit has.', { words: ['clean'], options: ['-f', '--force', '-x', '-X', '-d'] }),
  of('git', 'It throws away changes that are not committed.', { words: ['checkout'], like: /^(-f|--force|--|\.)$/ }),
  of('git', 'It throws away changes that are not committed.', { words: ['restore'] }),
  of('git', 'It throws away changes that are not committed.', {
    words: ['switch'],
    options: ['-f', '--force', '--discard-changes', '-C'],
  }),
  of('git', 'It throws away changes that were put aside.', { words: ['stash'], like: /^(drop|clear)$/ }),
  of('git', 'It deletes or moves branches.', { words: ['branch'], options: ['-D', '--delete', '-d', '-M', '-f'] }),
  of('git', 'It deletes or moves tags.', { words: ['tag'], options: ['-d', '--delete', '-f', '--force'] }),
  of('git', 'It rewrites or deletes commits.', { like: /^(filter-branch|filter-repo|reflog|gc|prune|update-ref)$/ }),
  of('git', 'It deletes a folder with its changes.', { words: ['worktree', 'remove'] }),
  of('git', 'It changes which programs git runs.', { like: /^(config|-c|--(exec-path|upload-pack|receive-pack).*)$/ }),
  of('hg svn', 'It may throw changes away.', { like: /^(purge|strip|rollback|revert|delete)$/ }),
  of('dropdb dropuser', 'It deletes data.'),
  of('psql mysql mariadb sqlite3 sqlcmd duckdb mysqladmin mongosh redis-cli', 'It deletes data.', {
    like: /\b(drop|delete|truncate|alter|shutdown|flushall|flushdb|deletemany)/i,
  }),

  // What comes from elsewhere and runs here
  of('sh bash dash zsh ksh ash fish csh tcsh source .', 'It runs what comes out of another command.', { piped: true }),
  of('python python3 perl ruby node php powershell pwsh cmd', 'It runs what comes out of another command.', {
    piped: true,
    shells: POSIX,
  }),
  of('iex invoke-expression', 'It runs what comes out of another command.'),
  of(
    'mshta regsvr32 rundll32 certutil bitsadmin installutil start-bitstransfer',
    'It may run what comes from elsewhere.',
    {
      shells: WINDOWS,
    },
  ),
];

/** What is looked for in a line that could not be read beyond doubt: these, each behind the one before it. */
const texts: readonly { inOrder: readonly RegExp[]; reason: string }[] = [
  {
    inOrder: [
      /\b(curl|wget|fetch|iwr|irm|invoke-\w+)\b/gi,
      /\||<\(|\$\(/g,
      /\b(\w*sh|python3?|perl|ruby|node|iex)\b/gi,
    ],
    reason: 'It runs what comes from elsewhere.',
  },
  { inOrder: [/\b\w*sh\b/gi, /<\(|\$\(|`/g, /\b(curl|wget)\b/gi], reason: 'It runs what comes from elsewhere.' },
  { inOrder: [/>\s*\/dev\/(sd|nvme|hd|vd|mmcblk|disk|mem)/g], reason: 'It writes over a disk.' },
  { inOrder: [/\/dev\/(tcp|udp)\//g], reason: 'It acts on other machines.' },
];

/** Why a line that could not be read is destructive; its length is anybody's, so the time is that of reading it a few times. */
export const destructiveTexts = (line: string): string[] => [
  ...(isForkBomb(line) ? ['It starts itself again and again, until nothing else can run.'] : []),
  ...texts.filter(({ inOrder }) => hasInOrder(line, inOrder)).map(({ reason }) => reason),
];

/** The earliest of each leaves the most room for the next. */
function hasInOrder(line: string, patterns: readonly RegExp[]): boolean {
  let at = 0;
  return patterns.every((pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(line);
    at = pattern.lastIndex;
    return found !== null;
  });
}

/** A function whose body has a `|` and behind it an `&`. */
function isForkBomb(line: string): boolean {
  const head = /[\w:.]\s*\(\s*\)\s*\{/g;
  while (head.exec(line) !== null) {
    const end = line.indexOf('}', head.lastIndex);
    if (end < 0) return false;
    const pipe = line.indexOf('|', head.lastIndex);
    if (pipe >= 0 && pipe < end && line.slice(pipe, end).includes('&')) return true;
    // What begins within it ends with it.
    head.lastIndex = end;
  }
  return false;
}
