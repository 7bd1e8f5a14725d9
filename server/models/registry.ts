import { basename, parse, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Model, type ModelBenchmark, OspainError, type Profile, type Result } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { transact } from '../storage/transaction.ts';
import { readCard } from './card.ts';
import { describeIfAny, MAX_CONTEXT } from './description.ts';
import { type StoredModel, toFacts, toFiles, toStored } from './modelView.ts';
import { assertAlias, assertModelName, DEFAULT, type Names, type OwnNames, readNames } from './names.ts';
import {
  createRows,
  type Description,
  type Key,
  keyOf,
  type Named,
  type NewRow,
  type Problem,
  type VersionRow,
} from './rows.ts';
import { createTeller } from './teller.ts';
import { newestFirst, newestVersion, nextVersion } from './versions.ts';

export interface RegistryOptions {
  /** With the schema of `schema.ts`. */
  db: Db;
  /** Absolute path of the folder with the store's files. */
  blobs: string;
  /** Absolute path of the model that ships with the product. */
  embedded: string;
  now: () => number;
  /** Hears every change of a model or of its state, also those that another server made. */
  onChange(model: Model): void;
  onRemove?(key: Key): void;
}

export { MAX_CONTEXT, type StoredModel };
export type ModelState = Model['state'];

export interface ModelFileEntry {
  name: string;
  /** SemVer. */
  version: string;
  /** Absolute path of a GGUF file. */
  path: string;
  profile?: Profile;
}

/** What a new version of the store is; `latest` becomes the next version. */
export interface NewVersion
  extends Pick<
    NewRow,
    'name' | 'version' | 'format' | 'bytes' | 'facts' | 'licence' | 'source' | 'files' | 'memoryBytes'
  > {
  digest: string;
  /** As its file says. */
  contextLength: number | null;
  alias: string | null;
}

/** The models that this user has, by name, version and alias. */
export interface Registry {
  list(): Model[];
  /** What a name, `name@version` or alias leads to; throws `model_missing` with the names that there are. */
  find(ref: string): VersionRow;
  /** The same, of a model that can run; throws `not_taught` for one that is only stored. */
  resolve(ref: string): StoredModel;
  describe(key: Key): Result<'model/show'>;
  registerEmbedded(): void;
  registerFile(entry: ModelFileEntry): void;
  /** Registers files that the person named in the settings; the first is this server's `default`. */
  useFiles(paths: readonly string[]): void;
  /** Throws `conflict` or `wrong_state` when no version of that name, or with that alias, could be added. */
  assertNames(name: string | null, alias: string | null): void;
  /**
   * Adds a version; `place` puts its files into the store, in the same transaction, and replaces those that are known to
   * be damaged. The same content again is the same version; other content under a version that is there is a `conflict`.
   */
  add(version: NewVersion, place: (replace: boolean) => void): Key & { existed: boolean };
  /** Removes a version with its aliases; throws `wrong_state` for one that this server would bring back. */
  remove(key: Key): void;
  /** Runs in one transaction, in which nobody adds a version, with a look at what content the versions name. */
  whileStill<T>(run: (named: Named) => T): T;
  setAlias(alias: string, ref: string): Key;
  removeAlias(alias: string): void;
  tag(ref: string, add: readonly string[], remove: readonly string[]): Key;
  setState(name: string, version: string, state: ModelState): void;
  /** A worker has loaded it, and told how many tokens fit one conversation. */
  markLoaded(name: string, version: string, loaded: { at: number; contextLength: number }): void;
  setPinned(name: string, version: string, pinned: boolean): void;
  /** Bytes of memory that it takes when it is loaded. */
  setMemoryBytes(name: string, version: string, bytes: number): void;
  setProblem(name: string, version: string, problem: Problem | null): void;
  addBenchmark(name: string, version: string, benchmark: ModelBenchmark): void;
  /** Tells what has changed since it last did; to be called when another server has written. */
  tell(): void;
}

const EMBEDDED = 'canary';
/** Files of the person's own have no versions. */
const UNVERSIONED = '0.0.0';
const FULL_PROFILE_PARAMETERS = 7e9;
/** About as many at the usual four to five bits. */
const FULL_PROFILE_BYTES = 5_000_000_000;

export function createRegistry({ db, blobs, embedded, now, onChange, onRemove }: RegistryOptions): Registry {
  const rows = createRows(db);
  const states = new Map<string, ModelState>();
  const own: OwnNames & { files: Map<string, string> } = { embedded: null, default: null, files: new Map() };
  const places = { blobs, embedded, own: own.files };

  const names = () => readNames(rows.all(), own);

  const toModel = (row: VersionRow, { aliases }: Names): Model => ({
    ...toStored(row, places),
    aliases: [...aliases].flatMap(([alias, target]) => (target === row ? [alias] : [])).sort(),
    tags: row.tags,
    benchmark: row.benchmark,
    state: states.get(keyOf(row)) ?? 'idle',
    problem: row.problem?.reason ?? null,
  });

  const list = (): Model[] => {
    const all = names();
    return [...all.versions].sort(byPlace).map((row) => toModel(row, all));
  };

  const tell = createTeller({
    read: () => new Map(list().map((model) => [keyOf(model), model])),
    onChange,
    onRemove: ({ name, version }) => onRemove?.({ name, version }),
  });
  /** Makes one change, whole or not at all, and tells what came of it. */
  const change = <T>(run: () => T): T => {
    const result = transact(db, run);
    tell();
    return result;
  };

  const register = ({ name, version, path, profile }: ModelFileEntry, origin: 'embedded' | 'file') => {
    const { contextLength, facts, bytes, memoryBytes } = describeIfAny(path);
    const description = {
      bytes,
      facts,
      profile: profile ?? profileOf(facts?.parameters ?? null, bytes),
      contextLength: contextLength ?? MAX_CONTEXT,
      memoryBytes,
      files: [{ name: basename(path), bytes, sha256: null, path, shared: false }],
    };
    const before = rows.find({ name, version });
    if (before === undefined) {
      const rest = { format: 'gguf', digest: null, licence: null, source: null, createdAt: now() } as const;
      rows.add({ name, version, origin, ...description, ...rest });
    } else if (before.origin !== 'store' && isOther(before, description)) rows.describeAgain(before.id, description);
  };

  const assertFree = (alias: string, all: Names) => {
    assertAlias(alias, all);
    // What settings name goes first, so the person would not see that anything happened.
    if (alias === DEFAULT && own.default !== null)
      throw new OspainError('wrong_state', `The settings make ${own.default.name} the default model.`, {
        hint: 'Take it out of the settings first (in VS Code: ospain2.models).',
      });
  };

  const setAlias = (alias: string, ref: string): Key => {
    const all = names();
    const target = all.find(ref);
    assertFree(alias, all);
    rows.setAlias(alias, target.id);
    return target;
  };

  return {
    list,
    find: (ref) => names().find(ref),
    resolve(ref) {
      const row = names().find(ref);
      if (row.format === 'gguf') return toStored(row, places);
      throw new OspainError('not_taught', `${row.name} is kept as ${row.format}, and only GGUF models run here.`, {
        hint: 'Import a GGUF file of it; this one is stored, versioned and served.',
      });
    },
    describe(key) {
      const all = names();
      const row = all.find(keyOf(key));
      return {
        model: toModel(row, all),
        files: toFiles(row, places),
        facts: toFacts(row),
        benchmarks: rows.benchmarks(row.id),
      };
    },
    registerEmbedded() {
      const { version } = readCard(embedded);
      own.embedded = { name: EMBEDDED, version };
      change(() => register({ name: EMBEDDED, version, path: embedded, profile: 'tiny' }, 'embedded'));
    },
    registerFile: (entry) => change(() => register(entry, 'file')),
    useFiles(paths) {
      const entries = paths.map((path) => ({
        name: parse(basename(path)).name,
        version: UNVERSIONED,
        path: resolve(path),
      }));
      own.files.clear();
      for (const entry of entries) own.files.set(keyOf(entry), entry.path);
      own.default = entries[0] ?? null;
      change(() => {
        for (const entry of entries) register(entry, 'file');
      });
    },
    assertNames(name, alias) {
      const all = names();
      if (name !== null) assertModelName(name, all);
      if (alias !== null && alias === name)
        throw new OspainError('conflict', `${name} cannot be the name and the alias of a model.`);
      if (alias !== null) assertFree(alias, all);
    },
    add({ contextLength, alias, ...asked }, place) {
      return change(() => {
        const all = names();
        assertModelName(asked.name, all);
        const stored = all.versions.filter(({ name, origin }) => name === asked.name && origin === 'store');
        const version = asked.version === 'latest' ? nextFor(asked.digest, stored) : asked.version;
        const key = { name: asked.name, version };
        const before = rows.find(key);
        if (before !== undefined && before.digest !== asked.digest)
          throw new OspainError('conflict', `${keyOf(key)} is there already, with other content.`, {
            hint: 'A version never changes: choose another one, or `latest` for the next.',
          });
        if (before === undefined)
          rows.add({
            ...asked,
            version,
            origin: 'store',
            profile: profileOf(asked.facts?.parameters ?? null, asked.bytes),
            contextLength: contextLength ?? MAX_CONTEXT,
            createdAt: now(),
          });
        if (alias !== null) setAlias(alias, keyOf(key));
        const damaged = all.versions.filter((row) => row.digest === asked.digest && row.problem?.damaged === true);
        place(damaged.length > 0);
        for (const row of damaged) rows.setProblem(row, null);
        return { ...key, existed: before !== undefined };
      });
    },
    remove(key) {
      change(() => {
        const row = rows.find(key);
        if (row?.origin === 'embedded')
          throw new OspainError('wrong_state', `${row.name} ships with OSPAiN2 and stays.`);
        if (row?.origin === 'file' && own.files.has(keyOf(key)))
          throw new OspainError('wrong_state', `${row.name} is named in the settings.`, {
            hint: 'Take it out of the settings (in VS Code: ospain2.models); its file stays where it is.',
          });
        if (row !== undefined) rows.remove(row.id);
      });
      states.delete(keyOf(key));
    },
    whileStill: (run) => transact(db, () => run(rows.named)),
    setAlias: (alias, ref) => change(() => setAlias(alias, ref)),
    removeAlias(alias) {
      if (!change(() => rows.removeAlias(alias)))
        throw new OspainError('not_found', `There is no alias ${JSON.stringify(alias)}.`);
    },
    tag: (ref, add, remove) =>
      change(() => {
        const row = names().find(ref);
        for (const tag of add) rows.tag(row.id, tag);
        for (const tag of remove) rows.untag(row.id, tag);
        return row;
      }),
    setState(name, version, state) {
      const key = keyOf({ name, version });
      if ((states.get(key) ?? 'idle') === state) return;
      states.set(key, state);
      tell();
    },
    markLoaded: (name, version, { at, contextLength }) =>
      change(() => rows.markLoaded({ name, version }, at, contextLength)),
    setPinned: (name, version, pinned) => change(() => rows.setPinned({ name, version }, pinned)),
    setMemoryBytes: (name, version, bytes) => change(() => rows.setMemoryBytes({ name, version }, bytes)),
    setProblem: (name, version, problem) => change(() => rows.setProblem({ name, version }, problem)),
    addBenchmark: (name, version, benchmark) => change(() => rows.addBenchmark({ name, version }, benchmark)),
    tell,
  };
}

/** The same content again stays the newest version; other content is the next. */
function nextFor(digest: string, stored: readonly VersionRow[]): string {
  const versions = stored.map(({ version }) => version);
  const newest = newestVersion(versions);
  const isNewest = stored.some((row) => row.version === newest && row.digest === digest);
  return isNewest && newest !== undefined ? newest : nextVersion(versions);
}

function profileOf(parameters: number | null, bytes: number): Profile {
  const isFull = parameters === null ? bytes >= FULL_PROFILE_BYTES : parameters >= FULL_PROFILE_PARAMETERS;
  return isFull ? 'full' : 'small';
}

/** Registering again is usual; only a changed file is written, because a worker knows its context better. */
const isOther = (before: VersionRow, { contextLength: _c, memoryBytes: _m, ...after }: Description): boolean =>
  Object.entries(after).some(([column, value]) => !isDeepStrictEqual(before[column as keyof typeof after], value));

/** The embedded model last, by name, the newest version of each first. */
const byPlace = (one: VersionRow, other: VersionRow): number =>
  Number(one.origin === 'embedded') - Number(other.origin === 'embedded') ||
  one.name.localeCompare(other.name) ||
  newestFirst(one.version, other.version);
