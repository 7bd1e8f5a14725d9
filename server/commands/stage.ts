import { VIEW } from './bubblewrap.ts';

/** Numbers of open files: what the stage says, the filter of system calls, who bubblewrap's first process is,
 * and an archive of what is to lie in the view. */
export const SAYS = 3;
export const FILTER = 4;
export const INFO = 5;
export const FILES = 6;

/**
 * The program of the outer sandbox, for any POSIX shell. Its arguments are how many processes there may be, 0 where that
 * would be a setting of the whole machine, and what runs the command. First it unpacks the
 * archive: `edits` with the task's files, `gone` with the names of those that it removed, `etc`. It speaks with the server
 * line by line: it says `made` and waits, `ended` with the exit code when nothing of the command runs any more, and
 * `drained` when all of the output was handed on; then the view stays until the server ends it. When the server dies the
 * system ends both sandboxes (PR_SET_PDEATHSIG), and the end of standard input does before that is set up.
 */
export const STAGE = `
set -eu
if [ "$1" -gt 0 ]; then
  # Bubblewrap may have covered it, for whoever comes behind the stage; the inner sandbox does so again.
  umount /proc/sys 2>/dev/null || :
  echo "$1" > /proc/sys/kernel/pid_max || :
fi
shift
cd ${VIEW}/rw
mkdir upper work edits tmp home shm etc
chmod 1777 tmp shm
tar -xf - --no-same-owner <&${FILES}
exec ${FILES}<&-
echo made >&${SAYS}
read -r _
mount -t overlay view -o lowerdir=edits:../lower,upperdir=upper,workdir=work,userxattr ${VIEW}/merged
if [ -e gone ]; then (cd ${VIEW}/merged && xargs -0 -r rm -f -- < ${VIEW}/rw/gone); fi
set +e
{
  "$@" </dev/null ${SAYS}>&-
  echo "ended $?" >&${SAYS}
} 2>&1 | cat ${SAYS}>&- ${FILTER}<&-
echo drained >&${SAYS}
read -r _
`;
