/** A server that runs one command without end: `node runForever.ts WORKSPACE MARK`. Says so when the command runs. */
import { createCommands } from '../../../server/commands/commands.ts';

const [root = '', mark = ''] = process.argv.slice(2);
const commands = createCommands({
  root,
  hidden: [],
  timeoutMs: 60_000,
  limits: { memory: 500e6, scratch: 50e6, processes: 100 },
  readable: [],
  shell: 'powershell',
  now: Date.now,
});
await commands.run({
  command: `(setsid bash -c 'trap "" TERM; exec -a ${mark} sleep 50' &); bash -c 'trap "" TERM; exec -a ${mark} sleep 50' & sleep 0.2; echo begun; wait`,
  edits: new Map(),
  ignored: () => false,
  timeoutMs: 60_000,
  maxOutput: 1000,
  onText: (text) => process.stdout.write(text),
  signal: new AbortController().signal,
});
