import { errorCodes } from '../protocol/index.ts';

const exits = (...names: (keyof typeof errorCodes)[]): string =>
  names.map((name) => `${errorCodes[name].exit} ${name}`).join(', ');

export const PROGRAM_HELP = `
Examples:
  ospain2 task new "Change MAX_USERS to 50 in src/limits.ts"
  ospain2 task accept 1
  ospain2 task new --kind ask --file src/orders.ts "What does this file do?"
  ospain2 task list --status running pending
  ospain2 status --json

Environment:
  OSPAIN2_MODELS     paths of GGUF models of your own, the first becomes the default
  OSPAIN2_API_TOKEN  the token of another registry, for upload-model
  OSPAIN2_TRUST      1: this folder is trusted; 0: it is not, so tasks only read its files
  OSPAIN2_PASSPHRASE_FILE  a file that holds the passphrase, where one is set and nobody can type it
  OSPAIN2_WORKERS    container: models run in containers (see ospain2 image --help)
  OSPAIN2_DATA_DIR   where databases are kept, instead of your user's data folder

A command uses the server that is running, such as that of VS Code, or starts one for as long as it runs.
Results go to standard output, errors and progress to standard error; progress only on a terminal.
With --json each line is an object with one key, such as task, event, proposal or status, or, on standard error,
error.

Exit codes: 0 done, 1 the task failed, ${exits('not_found', 'conflict', 'invalid_params', 'unavailable', 'cancelled')}.
`;

export const COMMAND_EXAMPLES: Record<string, string> = {
  new: `
Without --accept nothing on disk changes: the edits are printed and wait for "ospain2 task accept".
--auto says what is not asked for: none, edits (as --accept), sandboxed (also commands that run in the sandbox), or
allButDestructive (everything but what can hardly be undone).
When a task that it comes after fails or is cancelled, it is cancelled (3:cancel, or just 3), runs anyway (3:run), or is
held until you resume or cancel it (3:hold).
Ctrl+C cancels the task and waits for its end; a second Ctrl+C does not wait.

Examples:
  ospain2 task new "Rename loadUsers to fetchUsers in src/users.ts"
  ospain2 task new --accept "Change MAX_USERS to 50 in src/limits.ts"
  ospain2 task new --kind plan - < idea.txt
  ospain2 task new --detach --after 3 --after 4:hold "Write a note on both changes in CHANGES.md"
  ospain2 task new "…" | git apply            the edits of a task as a patch
`,
  list: `
Examples:
  ospain2 task list --status failed cancelled
  ospain2 task list --json | jq -r .task.instruction
`,
  watch: `
Ctrl+C ends the watching; the task goes on.
`,
  completion: `
Commands, options, their values and files are completed, and where a server of the folder runs, the numbers of tasks and the names of
notes and models.

Examples:
  ospain2 completion bash >> ~/.bashrc
  ospain2 completion zsh > ~/.zfunc/_ospain2      with ~/.zfunc in fpath
  ospain2 completion fish > ~/.config/fish/completions/ospain2.fish
  ospain2 completion powershell >> $PROFILE
`,
  demo: `
A server of its own, with its data in a temporary folder that goes afterwards: nothing of yours is touched, and nothing uses the
network. It ends with 0 only when every task ended as it should and every file is exactly as asked.

Examples:
  ospain2 demo
  ospain2 demo --set threads=2 --set gpu=off
  ospain2 demo --set workers.runtime=container
`,
  doctor: `
Each line is ok (✓), a warning (!) or a failure (✗), with what to do. Nothing is changed, and nothing leaves this machine. It works
also where no server starts. It ends with 1 when something failed.

Examples:
  ospain2 doctor
  ospain2 doctor --json | jq -r 'select(.finding.status == "failed").finding.advice'
`,
  image: `
Models run in containers with --workers container, or with the setting ospain2.workers.runtime of VS Code. The image is made
of what is here: the Node that runs this, its libraries, and the worker. No registry is asked.
The engine is that of DOCKER_HOST, or the first socket of Docker or podman that you may use.

Examples:
  ospain2 image build
  ospain2 --workers container task new "Change MAX_USERS to 50 in src/limits.ts"
`,
  backup: `
The file is encrypted with the key of the workspace and opens only with it. A file that is there stays as it is.
`,
  restore: `
The backup is checked whole before anything is replaced. Where tasks were waiting in it the queue is paused,
for they may have run since: see "ospain2 task list", then "ospain2 queue resume".
It works also when the database is damaged and nothing else does.

Examples:
  ospain2 restore ~/backups/monday.db
`,
  export: `
Each line is an object with one key: task, and after it its event and proposal lines; then schedule and item.
On a terminal it asks before it writes; elsewhere say --yes.

Examples:
  ospain2 export tasks.jsonl --plain
  jq -r 'select(.task).task.instruction' tasks.jsonl
`,
  key: `
A passphrase is typed without an echo; in scripts it is a line of standard input, or the file that OSPAIN2_PASSPHRASE_FILE
names. It is never an argument. docs/keys.md says what is where, and what happens when it is lost.

Examples:
  ospain2 key status
  ospain2 key passphrase set
  ospain2 key recovery
  ospain2 key rotate
  OSPAIN2_PASSPHRASE_FILE=~/.ospain2-passphrase ospain2 task list
`,
  serve: `
Tasks and schedules of the folder go on in it, without VS Code. It may run beside VS Code.
Other programs use its models over HTTP, on this machine only, with the token that "ospain2 token show" prints:
base URL http://127.0.0.1:3100/v1, API key the token.

Examples:
  ospain2 serve --registry
  ospain2 serve --port 8080
  ospain2 serve --no-api
`,
  service: `
The system's own way is used: a unit of systemd's user manager, an agent of launchd, or the Run key of Windows. No port is
open unless --port names one. What is installed already stays as it is.

Examples:
  ospain2 service install
  ospain2 --workspace ~/project service install --port 3100
  ospain2 service status --all --json
  ospain2 service remove
`,
  hub: `
The link works once, for five minutes, and lets a browser of this machine in for 30 days. The server of the folder that is
running serves it, such as that of VS Code; where there is none, this command does, until Ctrl+C.

Examples:
  ospain2 hub
  ospain2 hub --no-open
  ospain2 hub sign-out
`,
  lsp: `
It speaks on standard input and output, and works in the folder that the editor names. docs/editors.md has the configuration
of Neovim, Helix and others.
`,
  mcp: `
A program that speaks the Model Context Protocol starts this command itself: it is what goes into its settings.
It offers tasks, edits, models and search of the folder. Edits wait for you, in VS Code or with "ospain2 task accept".

Examples:
  { "mcpServers": { "ospain2": { "command": "ospain2", "args": ["mcp", "--workspace", "/home/me/project"] } } }
`,
  'mcp servers': `
They are in a file of yours, which "ospain2 mcp servers" names, and in .vscode/mcp.json and .mcp.json of the folder.
What came with the folder is run only when you agreed to that very command.
`,
  token: `
One token lets programs of yours use the API of all your workspaces. Whoever has it can use it as you do.
`,
  'upload-model': `
Without --url it is "ospain2 model import". With --url the file goes to the registry of another OSPAiN2, which keeps it
only when it arrived whole; a broken connection goes on where it was. What went out is in the log of egress. The token
of the other one is in --token-file or in OSPAIN2_API_TOKEN.

Examples:
  ospain2 upload-model --name qwen_qwq --version latest --path ./qwq-32b-Q4_K_M.gguf
  ospain2 upload-model --name qwen_qwq --path ./qwq.gguf --url http://192.168.1.5:3100 --token-file ./token
`,
  undo: `
All files are taken back or none; "conflict" means that one was changed since.
`,
};
