import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OspainError, type Task } from '../../protocol/index.ts';
import { follow } from '../follow.ts';
import type { Link } from '../link.ts';
import { getHere } from './loopback.ts';
import { filesOf, type Planted } from './planted.ts';

export interface Stage {
  link: Link;
  /** Of the workspace, and of what is given out. */
  workspace: string;
  out: string;
  /** The model that ships with the product. */
  embeddedModel: string;
  planted: Planted;
}

/** A thing that people do, with planted texts wherever words of theirs go. Throws when it cannot be done. */
export interface Deed {
  name: string;
  /** Entries that it leaves in the audit log. */
  leaves: readonly string[];
  /** Resolves with secrets that came of it, by what they are. */
  perform(stage: Stage): Promise<Record<string, string> | undefined>;
}

export const deeds: readonly Deed[] = [
  {
    name: 'ask',
    leaves: ['model.loaded'],
    async perform(stage) {
      const { constant, question } = stage.planted;
      const path = filesOf(stage.planted).get(constant);
      await done(stage, { kind: 'ask', instruction: `What does ${constant} do in ${path}?` });
      // The embedded model cannot answer it; its words are kept all the same.
      await ended(stage, { kind: 'ask', instruction: `What is ${question}?` });
      return undefined;
    },
  },
  {
    name: 'edit, accepted',
    leaves: ['file.written'],
    async perform(stage) {
      const { planted, link, workspace } = stage;
      const { client } = await link.open();
      const [constant, path, taskId] = await firstProposed(stage, filesOf(planted));
      await client.request('proposal/accept', { taskId });
      const text = await readFile(join(workspace, path), 'utf8');
      if (!text.includes(`${constant} = 5;`)) throw new Error('the file is not as asked');
      return undefined;
    },
  },
  {
    name: 'note',
    leaves: [],
    async perform({ link, planted }) {
      const { client } = await link.open();
      await client.request('note/save', { path: 'proof.md', text: `# Proof\n\n${planted.note}\n`, base: null });
      return undefined;
    },
  },
  {
    name: 'model imported from a file',
    leaves: [],
    async perform({ link, planted, out, embeddedModel }) {
      const path = join(out, 'model.gguf');
      await copyFile(embeddedModel, path);
      const { client } = await link.open();
      await client.request('model/import', { path, name: planted.model });
      return undefined;
    },
  },
  {
    name: 'hub entered',
    leaves: ['api.started', 'hub.ticketMade', 'hub.ticketUsed'],
    async perform({ link }) {
      const { client } = await link.open();
      const { api } = await client.request('api/start', { port: 0 });
      const { url } = await client.request('hub/open', {});
      const entered = await getHere(new URL(url));
      if (entered.status !== 303) throw new Error(`the hub answered ${entered.status}`);
      const token = (await readFile(api.tokenFile, 'utf8')).trim();
      const { status } = await getHere(new URL(`${api.url}/v1/models`), { authorization: `Bearer ${token}` });
      if (status !== 200) throw new Error(`the API answered ${status}`);
      const cookie = String(entered.headers['set-cookie']).split(';', 1)[0]?.split('=')[1] ?? '';
      return { "the API's token": token, 'the session of a browser': cookie };
    },
  },
  {
    name: 'backup',
    leaves: ['backup.created'],
    async perform({ link, out }) {
      const { client } = await link.open();
      await client.request('backup/create', { path: join(out, 'backup.db') });
      return undefined;
    },
  },
];

interface Asked {
  kind: 'ask' | 'agent';
  instruction: string;
}

/** Asks for one constant after the other to be set, until there is a proposal. */
async function firstProposed(stage: Stage, files: Map<string, string>): Promise<[string, string, taskId: string]> {
  const said: string[] = [];
  for (const [constant, path] of files) {
    const task = await ended(stage, { kind: 'agent', instruction: `Set ${constant} to 5 in ${path}.` });
    if (task.proposal !== null) return [constant, path, task.id];
    said.push(task.error?.code ?? task.result ?? task.status);
  }
  throw new Error(`no task proposed anything: ${said.join(', ')}`);
}

/** Submits a task and stays until it has ended. */
async function ended({ link }: Stage, asked: Asked): Promise<Task> {
  const { client } = await link.open();
  const { task } = await client.request('task/submit', asked);
  const events = follow(link, task.id);
  for (;;) {
    const next = await events.next();
    if (next.done === true) return next.value;
  }
}

/** The same, for one that has to succeed. */
async function done(stage: Stage, asked: Asked): Promise<Task> {
  const task = await ended(stage, asked);
  if (task.status === 'done') return task;
  const { code, message } = task.error ?? { code: 'internal' as const, message: `It is ${task.status}.` };
  throw new OspainError(code, message);
}
