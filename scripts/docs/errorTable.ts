import { type ErrorCode, errorCodes } from '../../protocol/index.ts';

/** What each code means, and what a person can do. The hint of an error itself is nearer to the case. */
const advice: Readonly<Record<ErrorCode, readonly [means: string, todo: string]>> = {
  malformed: [
    'A message could not be read.',
    'Client and server are of different versions, or something else speaks to the socket: update both.',
  ],
  invalid_params: ['A command or its options are wrong.', '`ospain2 COMMAND --help` shows them with examples.'],
  unknown_method: [
    'The server does not know what was asked.',
    'Client and server are of different versions: restart the older one (`ospain2 doctor` says which).',
  ],
  not_found: [
    'There is nothing of that name or number.',
    'The list of the same noun has the right one, such as `ospain2 task list`.',
  ],
  conflict: [
    'Something else was changed meanwhile, or the name is taken.',
    'Look at it again and decide anew: `ospain2 task conflicts`, `ospain2 task merge`, or another name.',
  ],
  wrong_state: [
    'It cannot be done now: the task has ended, the folder is not trusted, the queue stands still.',
    '`ospain2 task show NUMBER` says the state.',
  ],
  too_large: ['A text or file is larger than what is taken.', 'Take less of it; the message says the limit.'],
  path_outside: [
    'A path leads out of the workspace.',
    'Name a file inside of it, or another workspace with `--workspace`.',
  ],
  unauthorized: [
    'The API was asked without its token, or with another one.',
    '`ospain2 token show` prints it; programs send it as `Authorization: Bearer …`.',
  ],
  forbidden: [
    'That is not allowed here: a page of another site, a rule, a folder that is not trusted.',
    'The message says what forbids it; `ospain2 approval rules` lists rules.',
  ],
  cancelled: ['Somebody cancelled it.', 'Nothing; `ospain2 task retry NUMBER` begins it again.'],
  lease_lost: [
    'Another server took the task over, because this one did not answer in time.',
    'Nothing: the task goes on there. If it happens often, the machine sleeps or has too little memory.',
  ],
  task_failed: [
    'The task ended without what was asked.',
    'Read it with `ospain2 task watch NUMBER`; say more exactly what you want, or take a larger model.',
  ],
  not_taught: [
    'The model cannot do this sort of task.',
    'The embedded model only knows its demo. Bring a model of your own: [models.md](models.md).',
  ],
  parked: ['The task waits for a person.', '`ospain2 approval list` shows what for.'],
  paused: ['The task or the queue is paused.', '`ospain2 task resume NUMBER`, `ospain2 queue resume`.'],
  loop: [
    'The model repeated itself without getting on.',
    'Say it in other words, in smaller steps, or take a larger model.',
  ],
  model_missing: [
    'There is no such model, or its file is gone.',
    '`ospain2 model list`; then import, pull or adopt it again.',
  ],
  model_unreadable: [
    'The file is no model, or is damaged.',
    '`ospain2 model verify NAME`; fetch it again. Only GGUF files run.',
  ],
  model_crashed: [
    'The process of the model died or hung.',
    '`ospain2 doctor` looks at libraries, memory and graphics. `ospain2.gpu: off` computes without a graphics processor.',
  ],
  worker_failed: [
    'The process for a model could not be started.',
    'Memory or processes are used up, or the installation is not whole: `ospain2 doctor`.',
  ],
  context_full: [
    'The conversation is longer than what the model can hold.',
    'Begin a new task, or take a model with a larger context.',
  ],
  memory_short: [
    'The model does not fit into memory now.',
    '`ospain2 model list` shows what is loaded; unload some, take a smaller one, or raise `ospain2.memoryMb`.',
  ],
  bad_answer: ['The model answered something that cannot be used.', 'Try again, or take a larger model.'],
  storage_full: [
    'The disk is full.',
    'Free some space. What was acknowledged is kept. `ospain2 model gc` frees leftovers of models.',
  ],
  storage_read_only: [
    'The data folder cannot be written.',
    'Look at its rights, or set `OSPAIN2_DATA_DIR` to one of your own.',
  ],
  storage_busy: ['Another program holds the database.', 'Wait; else close other windows and servers of this folder.'],
  storage_corrupt: [
    'The database is damaged.',
    'Keep a copy of the data folder. `ospain2 restore FILE` puts a backup in its place ([backups.md](backups.md)); without one, move the file away to start afresh.',
  ],
  storage_newer: ['The database was written by a newer version.', 'Update OSPAiN2.'],
  storage_failed: [
    'The database cannot be opened or read.',
    'The cause is in the message. Is it the addon: `ospain2 doctor`.',
  ],
  key_wrong: [
    'It is not the passphrase, or no key opens the database.',
    'Type it again, put the right keys.json back, or restore a backup. Without its key nobody can read a database.',
  ],
  key_unavailable: [
    'The keyring does not answer, or the root secret is gone.',
    'Unlock the keyring and try again, or use the recovery key: `ospain2 key recover`. See [keys.md](keys.md).',
  ],
  key_locked: [
    'A passphrase is set, and nobody has typed it since the server started.',
    'Unlock it: `ospain2 key unlock`, or *OSPAiN2: Unlock* in VS Code.',
  ],
  unsupported_node: ['This Node is too old.', 'Use Node 22.14 or newer; 24 is what is tested. VS Code brings its own.'],
  unavailable: [
    'The server cannot be reached or started.',
    '`ospain2 doctor` says why. In VS Code: *Developer: Reload Window*.',
  ],
  egress_refused: [
    'A connection was not agreed to.',
    'Nothing left the machine. Name the host (`--allow-host`) if it is wanted.',
  ],
  fetch_failed: ['A file could not be fetched.', 'Pull the same again: it goes on where it stopped.'],
  fetch_denied: ['The other side refused.', 'It may want a token (`HF_TOKEN`), or agreement to its terms on its page.'],
  content_differs: [
    'What was fetched is not what was promised.',
    'It was thrown away. Pull it again, and from elsewhere if it stays.',
  ],
  containers_missing: [
    'No container engine answers.',
    'Start Docker, or podman’s socket; let `DOCKER_HOST` name it; or let models run as processes. See [containers](containers.md).',
  ],
  containers_denied: [
    'This user may not use the container engine.',
    'Use an engine without root, or join the group of its socket, whose members are as powerful as root.',
  ],
  containers_lost: ['The container engine went away.', 'Start it again: tasks wait for it and go on.'],
  image_missing: ['There is no image of the worker.', '`ospain2 image build`.'],
  image_differs: ['The image of the worker is of another build.', '`ospain2 image build`.'],
  image_failed: [
    'The image of the worker cannot be made here.',
    'The message says what is missing; `docker/Dockerfile` makes one anywhere.',
  ],
  internal: [
    'A fault of ours.',
    'Try again; if it stays, *OSPAiN2: Save Diagnostics…* writes a report without anything that you typed.',
  ],
};

/** A row for every code, in their order in `protocol/errors.ts`. */
export function errorTable(): string {
  const codes = Object.keys(errorCodes) as ErrorCode[];
  const rows = codes.map((code) => {
    const [means, todo] = advice[code];
    return `| \`${code}\` | ${errorCodes[code].exit} | ${means} | ${todo} |`;
  });
  return ['| code | exit code | what happened | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
