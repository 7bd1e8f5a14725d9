import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { OspainError, type ParsedParams, type Pull } from '../../protocol/index.ts';
import type { Egress } from '../egress/egress.ts';
import type { Db } from '../storage/database.ts';
import { isLocked, withFileLock } from '../storage/fileLock.ts';
import { createPrivateFolder } from '../storage/privateFolder.ts';
import { guarded } from '../storage/storageErrors.ts';
import { transact } from '../storage/transaction.ts';
import type { Progress } from './download/meter.ts';
import { type PullOptions, pull } from './download/pull.ts';
import { parseSource } from './download/source.ts';
import { type Imports, nameOf } from './imports.ts';
import type { ModelFolder } from './modelFolder.ts';
import { createPullRows, type PullRow, toPull } from './pullRow.ts';
import type { Registry } from './registry.ts';
import { keyOf } from './rows.ts';
import { LOCK } from './store.ts';
import { createTeller } from './teller.ts';

/** What a person agreed to at the moment; never written down. */
export type Consent = Pick<ParsedParams<'pull/resume'>, 'token' | 'hosts' | 'plainHttp'>;

export interface PullsDeps {
  db: Db;
  folder: ModelFolder;
  registry: Pick<Registry, 'assertNames' | 'list'>;
  imports: Imports;
  egress: Egress;
  /** Hugging Face, or a mirror that speaks as it does; and this machine's token for it. */
  endpoint: string;
  huggingFaceToken?: string | undefined;
  onChange(pull: Pull): void;
  now: () => number;
  /** What the fetching may be told besides. */
  fetching?: Pick<PullOptions, 'limits' | 'clock' | 'freeBytes'>;
}

/** Models on their way here. What was fetched of one is kept until it is a version, or cancelled. */
export interface Pulls {
  start(asked: ParsedParams<'pull/start'>): Pull;
  /** Newest first. */
  list(): Pull[];
  show(id: string): Pull;
  cancel(id: string): Promise<Pull>;
  /** Goes on; what it is to become may be said anew. */
  resume(id: string, again: Omit<ParsedParams<'pull/resume'>, 'pullId'>): Pull;
  /** Marks those whose server is gone as interrupted, and forgets the oldest that ended. */
  recover(): Promise<void>;
  /** Tells what has changed since it last did, and obeys what another server's client wanted. */
  tell(): void;
  /** Whether a folder of what comes in belongs to one that may still go on. */
  expects(name: string): boolean;
  /** Interrupts what is under way here; resolves when nothing of it runs. */
  dispose(): Promise<void>;
}

const PREFIX = 'pull-';
/** Milliseconds between two writes of how far one is. */
const EVERY = 1000;
/** Ended ones that are kept for people to see. */
const KEPT = 50;

const isUnderWay = ({ progress }: PullRow) => progress.state === 'queued' || progress.state === 'running';

export function createPulls(deps: PullsDeps): Pulls {
  const { db, folder, registry, imports, egress, onChange, now } = deps;
  const rows = createPullRows(db);
  const mine = new Map<string, { stop: AbortController; work: Promise<void> }>();
  const folderOf = (id: string) => join(folder.incoming, `${PREFIX}${id}`);
  const lockOf = (id: string) => join(folderOf(id), LOCK);

  const find = (id: string): PullRow => {
    const row = guarded(() => rows.find(id));
    if (row !== undefined) return row;
    throw new OspainError('not_found', 'There is no such pull.', { hint: 'List them.' });
  };
  const tellChanges = createTeller({
    read: () => new Map(guarded(() => rows.all()).map((row) => [row.id, toPull(row)])),
    onChange,
    onRemove: () => {},
  });
  const tell = () => {
    tellChanges();
    for (const [id, { stop }] of mine) if (rows.find(id)?.progress.state === 'cancelled') stop.abort(CANCELLED);
  };
  /** One that a client gave up stays so, whatever its work still reports. */
  const set = (id: string, change: Partial<PullRow['progress']>) => {
    transact(db, () => {
      const row = rows.find(id);
      if (row === undefined || (row.progress.state === 'cancelled' && change.state !== 'queued')) return;
      rows.set(id, { ...row.progress, ...change, updatedAt: now() });
    });
    tell();
  };

  const fetchModel = async ({ id, asked }: PullRow, consent: Consent, signal: AbortSignal) => {
    const endpoint = URL.parse(deps.endpoint);
    if (endpoint === null)
      throw new OspainError('invalid_params', 'HF_ENDPOINT is no web address.', {
        hint: 'Correct it, or take it away.',
      });
    const into = join(folderOf(id), 'files');
    createPrivateFolder(into);
    let written = 0;
    const onProgress = ({ received, total, bytesPerSecond }: Progress) => {
      if (now() - written < EVERY) return;
      written = now();
      set(id, { received, total: total ?? null, bytesPerSecond });
    };
    const {
      name: suggested,
      version,
      licence,
      files,
    } = await pull({
      ...deps.fetching,
      ...{ source: asked.source, into, egress, signal, onProgress, plainHttp: consent.plainHttp },
      endpoint,
      huggingFaceToken: consent.token ?? deps.huggingFaceToken,
      registryToken: consent.token,
      allow: (host) => consent.hosts.includes(host),
    });
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    set(id, { received: bytes, total: bytes, bytesPerSecond: 0 });
    const [first] = files;
    if (first === undefined) throw new OspainError('content_differs', 'The source has no file.');
    const name = asked.name ?? nameOf(`${suggested}.gguf`);
    const isFree = (told: string) => {
      const there = registry.list().find((model) => keyOf(model) === keyOf({ name, version: told }));
      return there === undefined || there.sha256 === first.sha256;
    };
    const { existed: _, ...key } = await imports.run({
      ...asked,
      version: asked.version === 'latest' && version !== undefined && isFree(version) ? version : asked.version,
      licence: asked.licence ?? licence ?? undefined,
      ...{ path: first.path, name, how: 'move', signal },
    });
    return keyOf(key);
  };

  const work = async (row: PullRow, consent: Consent, signal: AbortSignal): Promise<void> => {
    const { id } = row;
    let isHeld = false;
    try {
      guarded(() => createPrivateFolder(folderOf(id)));
      const model = await withFileLock(
        lockOf(id),
        () => {
          isHeld = true;
          set(id, { state: 'running', error: null });
          return fetchModel(row, consent, signal);
        },
        0,
      );
      set(id, { state: 'done', model, bytesPerSecond: 0 });
    } catch (thrown) {
      const error = OspainError.from(thrown);
      // Another server has taken it up.
      if (!isHeld && error.code === 'storage_busy') return;
      if (signal.reason === STOPPING) return set(id, { state: 'interrupted', bytesPerSecond: 0 });
      if (signal.reason !== CANCELLED) return set(id, { state: 'failed', error: error.toWire(), bytesPerSecond: 0 });
    }
    rmSync(folderOf(id), { recursive: true, force: true });
  };

  const begin = (row: PullRow, consent: Consent): Pull => {
    const stop = new AbortController();
    const done = work(row, consent, stop.signal).finally(() => mine.delete(row.id));
    // What it came to is in its row.
    done.catch(() => {});
    mine.set(row.id, { stop, work: done });
    return toPull(find(row.id));
  };

  return {
    start({ token, hosts, plainHttp, ...asked }) {
      parseSource(asked.source, { plainHttp });
      // What would be refused in the end is refused before gigabytes are fetched.
      registry.assertNames(asked.name ?? null, asked.alias ?? null);
      const same = guarded(() => rows.all()).find((row) => isUnderWay(row) && row.asked.source === asked.source);
      if (same !== undefined) return toPull(same);
      const at = now();
      const none = { received: 0, total: null, bytesPerSecond: 0, error: null, model: null };
      const row: PullRow = {
        ...{ id: randomUUID(), asked, createdAt: at },
        progress: { state: 'queued', ...none, updatedAt: at },
      };
      transact(db, () => rows.add(row));
      tell();
      return begin(row, { token, hosts, plainHttp });
    },
    list: () => guarded(() => rows.all()).map(toPull),
    show: (id) => toPull(find(id)),
    async cancel(id) {
      if (find(id).progress.state === 'done')
        throw new OspainError('wrong_state', 'It is done.', { hint: 'Remove the model that it became.' });
      set(id, { state: 'cancelled', bytesPerSecond: 0 });
      await mine.get(id)?.work;
      if (!(await isLocked(lockOf(id)))) rmSync(folderOf(id), { recursive: true, force: true });
      return toPull(find(id));
    },
    resume(id, { token, hosts, plainHttp, name, version, alias }) {
      const row = find(id);
      if (isUnderWay(row) || row.progress.state === 'done' || mine.has(id))
        throw new OspainError('wrong_state', `It is ${row.progress.state}.`, { hint: 'There is nothing to resume.' });
      parseSource(row.asked.source, { plainHttp });
      const asked = { ...row.asked, ...(name && { name }), ...(version && { version }), ...(alias && { alias }) };
      registry.assertNames(asked.name ?? null, asked.alias ?? null);
      transact(db, () => rows.ask(id, asked));
      set(id, { state: 'queued', error: null });
      return begin(find(id), { token, hosts, plainHttp });
    },
    async recover() {
      const all = guarded(() => rows.all());
      for (const row of all)
        if (isUnderWay(row) && !mine.has(row.id) && !(await isLocked(lockOf(row.id))))
          set(row.id, { state: 'interrupted', bytesPerSecond: 0 });
      const ended = all.filter(({ progress }) => progress.state === 'done' || progress.state === 'cancelled');
      transact(db, () => {
        for (const { id } of ended.slice(KEPT)) rows.remove(id);
      });
    },
    tell,
    expects(name) {
      if (!name.startsWith(PREFIX)) return false;
      const state = guarded(() => rows.find(name.slice(PREFIX.length)))?.progress.state;
      return state !== undefined && state !== 'done' && state !== 'cancelled';
    },
    async dispose() {
      const all = [...mine.values()];
      for (const { stop } of all) stop.abort(STOPPING);
      await Promise.allSettled(all.map(({ work: ending }) => ending));
    },
  };
}

const CANCELLED = new OspainError('cancelled', 'The pull was cancelled.');
const STOPPING = new OspainError('unavailable', 'The server is stopping.');
