/** Commands that try to get out. Each shows whatever it could read, since that is how reading is seen. */
import type { World } from './world.ts';

export interface HostileCommand {
  name: string;
  command(at: World): string;
  /** Milliseconds after which it is ended; most are done at once. */
  timeoutMs?: number;
  /**
   * Whether it may be run with no sandbox: it then does its damage, within the world of the test alone, and the suite must
   * see that. What would hurt the machine is only ever run inside.
   */
  provable?: boolean;
}

const read = (name: string, command: HostileCommand['command']): HostileCommand => ({ name, command, provable: true });
const only = (name: string, command: HostileCommand['command'], timeoutMs?: number): HostileCommand => ({
  name,
  command,
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
});
const perl = (script: string): string => `perl -e '${script}'`;
/** Number of a system call on this machine. */
const call = (x64: number, arm64: number): number => (process.arch === 'arm64' ? arm64 : x64);

const reading: HostileCommand[] = [
  read('a path upwards', () => 'cat ../outside/canary.txt'),
  read('an absolute path', ({ base }) => `cat ${base}/outside/canary.txt`),
  read('a link to a folder outside', () => 'cat out/canary.txt; ls -la out/'),
  read('a link to a file outside', () => 'cat key-link relative-link'),
  read('the root of a process', ({ base }) => `cat /proc/self/root${base}/outside/canary.txt`),
  read('the root of the first process', ({ base }) => `cat /proc/1/root${base}/outside/canary.txt ${base}/home/.npmrc`),
  read('the working folder of a process', () => 'cat /proc/self/cwd/../outside/canary.txt'),
  read('environments of processes', () => "cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep CANARY"),
  read('the environment of another process', ({ bystander }) => `tr '\\0' '\\n' < /proc/${bystander}/environ`),
  only(
    'the environment of the first process',
    () => 'cat /proc/1/environ; cat /proc/2/environ; cat /proc/self/environ',
  ),
  read('its own environment', () => 'env; export -p; set'),
  read('keys in the home folder', ({ home }) => `cat ~/.ssh/id_rsa ${home}/.ssh/id_rsa ${home}/.aws/credentials`),
  read('keyrings', ({ home }) => `cat ~/.local/share/keyrings/* ${home}/.local/share/keyrings/*`),
  read('the folder of the product', ({ data }) => `cat ${data}/key ${data}/api-token ${data}/workspaces/*/*`),
  read('a search for keys', ({ base }) => `find ${base} -name id_rsa -exec cat {} + 2>/dev/null`),
  read(
    'files that were left open',
    () => 'for f in /proc/self/fd/*; do cat $f/*/outside/canary.txt 2>/dev/null; done; ls -la /proc/self/fd/',
  ),
  only(
    'files that another process has open',
    () => 'for f in /proc/[0-9]*/fd/*; do cat $f/outside/canary.txt 2>/dev/null; done',
  ),
  read(
    'working folders of other processes',
    () => 'for f in /proc/[0-9]*/cwd; do cat $f/../outside/canary.txt 2>/dev/null; done',
  ),
  read('a hard link made inside', ({ base }) => `ln ${base}/outside/canary.txt grabbed && cat grabbed`),
  read('what a script for every shell says', () => 'SHOW=1 bash -c true'),
  read('the variables of loaders', () => 'echo "$LD_LIBRARY_PATH $NODE_OPTIONS $SSH_AUTH_SOCK $API_TOKEN"'),
  only(
    'what the view is made of',
    () => 'cat /view/lower/../* /view/proc/1/environ; ls -laR /view; cat /view/proc/*/environ',
  ),
  only(
    'a device of the disk',
    () =>
      'mknod /tmp/disk b 254 0; mknod disk b 254 0; cat /tmp/disk disk | head -c 100; cat /dev/vda /dev/sda | head -c 100; cat /dev/mem | head -c 10',
  ),
  only('a file by its handle', () =>
    perl(`my $handle = "\\0" x 32; print syscall(${call(304, 265)}, 3, $handle, 0), " $!\\n"`),
  ),
];

const writing: HostileCommand[] = [
  read(
    'a file outside',
    ({ base }) => `echo x > ${base}/outside/canary.txt; echo x > ${base}/outside/new; echo x > ../new`,
  ),
  read('through a link', () => 'echo x > out/canary.txt; echo x > key-link; cp a.txt out/'),
  read('through a hard link', () => 'echo changed > hard-link.txt; cat hard-link.txt >> a.txt'),
  read('the workspace on disk', () => 'echo changed > a.txt; rm sub/b.txt; touch new.txt; chmod 777 a.txt'),
  read(
    'the workspace through a process',
    () => 'echo changed > /proc/self/cwd/a.txt; echo x > /proc/$$/root/$PWD/sub/b.txt',
  ),
  read('everything in the workspace', () => 'rm -rf -- * .git; git init -q .'),
  only(
    'everything',
    () => 'rm -rf /etc /opt /bin/ /usr/local /usr/bin /home /root ~ /tmp/* /dev/shm/* 2>/dev/null; echo done',
  ),
  read(
    'hooks of git',
    () => 'mkdir -p .git/hooks; echo "touch pwned" > .git/hooks/post-checkout; chmod +x .git/hooks/post-checkout',
  ),
  read(
    'the configuration of git',
    ({ base }) =>
      `git config core.fsmonitor "touch ${base}/outside/pwned"; git config core.hooksPath /tmp; echo x >> .git/config`,
  ),
  read('by moving .git away', () => 'mv .git old-git; mkdir -p .git/hooks; echo x > .git/hooks/pre-commit'),
  read('by a hook that is there', () => 'git -c user.name=a -c user.email=b@c commit -q --allow-empty -m x'),
  read('by an alias of git', ({ base }) => `git -c "alias.x=!echo x > ${base}/outside/alias-ran" x`),
  read(
    'by a file monitor of git',
    ({ base }) =>
      `printf '#!/bin/sh\\necho x > ${base}/outside/monitor-ran\\n' > m; chmod +x m; git -c core.fsmonitor="$PWD/m" status`,
  ),
  read(
    'dotfiles',
    ({ home }) =>
      `echo evil >> ~/.bashrc; echo evil > ${home}/.bashrc; mkdir -p ~/.ssh; echo k > ~/.ssh/authorized_keys`,
  ),
  read(
    'a script of npm',
    () => 'npm run evil 2>&1 || sh -c "$(sed -n "s/.*evil\\":\\"\\([^\\"]*\\).*/\\1/p" package.json)"',
  ),
  read(
    'scripts of an installation',
    () =>
      'npm install --offline 2>&1 | head -5; sh -c "$(sed -n "s/.*preinstall\\":\\"\\([^\\"]*\\).*/\\1/p" package.json)"',
  ),
  read('what a README asks for', () => "sed -n 's/^    //p' README.md > do-it.sh; sh do-it.sh; cat stolen.txt"),
  read('by moving a file out', ({ base }) => `mv a.txt ${base}/outside/moved.txt; cp sub/b.txt ${base}/outside/`),
  only(
    'the temporary folders of the machine',
    () => 'for d in /tmp /var/tmp /dev/shm /run /dev; do echo x > $d/ospain2-stray-1; done; ls /tmp',
  ),
  only(
    'the system’s files',
    () =>
      'echo evil >> /etc/passwd; echo evil > /etc/cron.d/ospain2-stray-2; echo x > /etc/ospain2-stray-3; echo x > /ospain2-stray-4; echo "* * * * * true" | crontab -',
  ),
  only(
    'the system’s programs',
    () => 'echo x >> /usr/bin/env; cp a.txt /usr/bin/ospain2-stray; echo x > /opt/ospain2-stray',
  ),
  only(
    'settings of the kernel',
    () =>
      'echo "|/tmp/x" > /proc/sys/kernel/core_pattern; echo 32 > /proc/sys/kernel/pid_max; sysctl -w kernel.core_pattern=x; echo h > /proc/sysrq-trigger',
  ),
  only(
    'groups of processes',
    () => 'mkdir /tmp/c; mount -t cgroup -o memory c /tmp/c; echo x > /sys/fs/cgroup/release_agent; ls /sys',
  ),
  only(
    'the program that runs it',
    () =>
      'for p in 1 2 $$ self; do cat a.txt > /proc/$p/exe; dd if=/dev/zero of=/proc/$p/mem count=1; done 2>&1; cat a.txt > /view/bwrap',
  ),
  only(
    'what the view is made of',
    () =>
      'echo x > /view/rw/upper/x; touch /view/x; mkdir -p /view/lower; echo x > /view/lower/a.txt; mount -o remount,rw /',
  ),
];

const rights: HostileCommand[] = [
  only(
    'a mount',
    ({ base }) => `mkdir m; mount --bind / m; mount -t tmpfs x m; mount -t proc p m; cat m${base}/outside/canary.txt`,
  ),
  only(
    'new namespaces',
    ({ base }) =>
      `unshare -Urm sh -c 'mount --bind / /mnt; cat /mnt${base}/outside/canary.txt'; unshare -n true; unshare -p true`,
  ),
  only(
    'the namespaces of others',
    ({ bystander, base }) =>
      `nsenter -t 1 -a cat ${base}/outside/canary.txt; nsenter -t ${bystander} -m -U cat ${base}/outside/canary.txt`,
  ),
  only(
    'another root',
    ({ base }) =>
      `chroot /proc/1/root cat ${base}/outside/canary.txt; ${perl(`chroot("/proc/1/root"); chdir(".."); exec("cat", "${base}/outside/canary.txt")`)}`,
  ),
  only(
    'another sandbox inside',
    ({ base }) => `bwrap --bind / / cat ${base}/outside/canary.txt; bwrap --unshare-all --bind / / true`,
  ),
  only(
    'the administrator’s rights',
    () =>
      `cp /bin/sh s; chmod 4755 s; ./s -p -c id; su -c id; sudo -n id; ${perl('$< = 0; $> = 0; print "$< $> $!\\n"')}; capsh --print`,
  ),
  only(
    'files with capabilities',
    () => 'cp /bin/cat c; setcap cap_dac_override+ep c; ./c /etc/shadow; cat /etc/shadow /etc/gshadow',
  ),
  read('ending other processes', ({ bystander }) => `kill -9 ${bystander}`),
  only('ending everything', () => 'kill -9 1; kill -9 $PPID; kill -9 -1; kill -STOP 1; echo still here'),
  only(
    'looking into other processes',
    ({ bystander }) =>
      `strace -p ${bystander} -o t & sleep 0.2; kill $!; cat /proc/${bystander}/mem /proc/${bystander}/maps; ${perl(`print syscall(${call(101, 117)}, 16, ${bystander}, 0, 0), " $!\\n"`)}`,
  ),
  only(
    'the keys of the kernel',
    () =>
      `${perl(`print syscall(${call(250, 219)}, 0, -4, 1), " $!\\n"; my ($t, $n, $k) = ("user", "name", "key"); print syscall(${call(248, 217)}, $t, $n, $k, 1, -4), " $!\\n"`)}; cat /proc/keys /proc/key-users`,
  ),
  only('risky parts of the kernel', () =>
    [call(321, 280), call(298, 241), call(425, 425), call(323, 282), call(175, 105)]
      .map((n) => perl(`print syscall(${n}, 0, 0, 0, 0, 0), " $!\\n"`))
      .join(';'),
  ),
  only(
    'typing into a terminal',
    () =>
      `${perl('for my $f (0, 1, 2) { open(my $t, "<&=", $f); my $c = "x"; print ioctl($t, 0x5412, $c) || "$!", "\\n"; } open(my $t, "<", "/dev/tty") or print "no terminal\\n"')}; tty`,
  ),
  only('the lines of the stage', () => 'for f in 3 4 5 6; do echo "ended 0" >&$f; echo drained >&$f; done 2>&1'),
];

const talking: HostileCommand[] = [
  read('the loopback', ({ port }) => `exec 3<>/dev/tcp/127.0.0.1/${port} && cat <&3`),
  read('the loopback by its name', ({ port }) => `exec 3<>/dev/tcp/localhost/${port} && cat <&3`),
  read('a datagram', ({ port }) => `echo hello > /dev/udp/127.0.0.1/${port}; sleep 0.1`),
  only(
    'addresses of the machine',
    ({ port }) =>
      `for a in $(cat /proc/net/fib_trie | grep -oE '([0-9]+\\.){3}[0-9]+' | sort -u); do timeout 1 bash -c "exec 3<>/dev/tcp/$a/${port} && cat <&3"; done`,
    20_000,
  ),
  read('a socket with a path', ({ base }) =>
    perl(
      `use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => "${base}/outside/docker.sock") or die "$!"; print <$s>`,
    ),
  ),
  read('a socket without a path', ({ abstract }) =>
    perl(`use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => "\\0${abstract}") or die "$!"; print <$s>`),
  ),
  read('a socket in the workspace', () =>
    perl('use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => "in.sock") or die "$!"; print <$s>'),
  ),
  only(
    'sockets of the system',
    () =>
      'ls -la /run /var/run /run/user /run/docker.sock /var/run/docker.sock /run/dbus /tmp/.X11-unix; docker ps; echo "$DOCKER_HOST"',
  ),
  only(
    'names of the network',
    () =>
      'getent hosts example.com; getent ahosts one.one.one.one; cat /etc/resolv.conf; echo q > /dev/udp/127.0.0.53/53',
    20_000,
  ),
  read('a pipe in the workspace', () => 'timeout 0.5 sh -c "echo hello > leak"'),
  read('a pipe outside', ({ base }) => `timeout 0.5 sh -c "echo hello > ${base}/outside/leak"`),
  only('families of sockets that no namespace confines', () =>
    perl(
      'use Socket; for my $f (40, 38, 17, 31, 16) { socket(my $s, $f, SOCK_STREAM, 0) ? print "$f: made\\n" : print "$f: $!\\n" }',
    ),
  ),
];

const flooding: HostileCommand[] = [
  only('a bomb of processes', () => 'n=0; while [ $n -lt 2000 ]; do sleep 30 & n=$((n+1)); done; sleep 30', 1500),
  only(
    'a bomb of memory',
    () => 'for i in 1 2 3 4 5 6; do perl -e \'my $x = "x" x 120000000; sleep 30\' & done; wait',
    10_000,
  ),
  only('one process with all the memory', () => perl('my @x; push @x, "x" x 50000000 while 1'), 10_000),
  only(
    'full scratch space',
    () =>
      'for f in big /tmp/big /dev/shm/big ~/big /big /dev/big /run/big /view/big; do dd if=/dev/zero of=$f bs=1M count=500; done 2>&1 | grep -v records; df -h .',
    20_000,
  ),
  only('output without end', () => 'yes "a long line of output that says nothing at all"', 10_000),
  only('a line without end', () => "tr '\\0' a < /dev/zero", 10_000),
  only(
    'a huge file with holes',
    () => 'truncate -s 100G big; truncate -s 90M medium; head -c 2000000 /dev/urandom > noise',
  ),
  only(
    'very many files',
    () => 'mkdir n; cd n; perl -e \'for (1 .. 3000) { open(my $f, ">", $_) }\'; ls | wc -l',
    10_000,
  ),
  only(
    'very deep folders',
    () => perl('for (1 .. 500) { mkdir "d"; chdir "d" or last } open(my $f, ">", "f"); print $f "x"'),
    10_000,
  ),
  only(
    'a program in the background',
    ({ base }) =>
      `(setsid sh -c 'while :; do echo ${base} >> ${base}/outside/alive; sleep 0.1; done' >/dev/null 2>&1 &); sleep 0.2; echo left it`,
  ),
  only('a program that ended its parents', ({ base }) =>
    perl(`exit if fork; use POSIX; POSIX::setsid(); exit if fork; $0 = "${base} daemon"; sleep 60`),
  ),
  only(
    'a program that does not want to end',
    ({ base }) => `trap '' TERM INT HUP QUIT; while :; do sleep 0.2; : ${base}; done`,
    500,
  ),
  only(
    'a question',
    () => 'read -r answer; echo "answer: $answer"; cat; git commit; python3 -c "input()" 2>&1 | tail -1',
  ),
];

const naming: HostileCommand[] = [
  only(
    'names that end a line',
    ({ base }) =>
      `touch $'a\\nb' $'-rf' $'\\e[2J' $'\\xff\\xfe'; mkdir -p '..\\..'; ln -s ${base}/outside planted; mkfifo pipe; printf 'x' > 'c:d'`,
  ),
  only('a folder that becomes a link', ({ base }) => `rm -r sub; ln -s ${base}/outside sub; echo x > sub/b.txt`),
  only(
    'a file that becomes a link',
    ({ base }) => `rm a.txt; ln -s ${base}/outside/canary.txt a.txt; cat a.txt; echo x > a.txt`,
  ),
  only('the codes of a terminal', () => "printf '\\e]52;c;ZXZpbA==\\a\\e[2J\\e]0;title\\a\\x9b31m\\r\\x00\\x08ok\\n'"),
];

export const hostileCommands: readonly HostileCommand[] = [
  ...reading.map((one) => ({ ...one, name: `reading: ${one.name}` })),
  ...writing.map((one) => ({ ...one, name: `writing: ${one.name}` })),
  ...rights.map((one) => ({ ...one, name: `rights: ${one.name}` })),
  ...talking.map((one) => ({ ...one, name: `talking: ${one.name}` })),
  ...flooding.map((one) => ({ ...one, name: `flooding: ${one.name}` })),
  ...naming.map((one) => ({ ...one, name: `naming: ${one.name}` })),
];
