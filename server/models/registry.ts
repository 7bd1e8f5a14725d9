import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, parse, resolve } from 'node:path';
import { z } from 'zod';
import { type Model, OspainError, type Profile } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { transact } from '../storage/transaction.ts';
import { readGguf } from './gguf/read.ts';

export interface RegistryOptions {
  db: Db;
  /** Absolute path of the model that ships with the product. */
  embedded: string;
  now: () => number;
  /** Hears every change of a model or of its state. */
  onChange(model: Model): void;
}

export type ModelState = Model['state'];
/** A model as the database knows it. */
export type StoredModel = Pick<
  Model,
  'name' | 'version' | 'artifact' | 'bytes' | 'contextLength' | 'profile' | 'embedded' | 'loadedAt' | 'createdAt'
>;

export interface ModelFileEntry {
  name: string;
  /** SemVer. */
  version: string;
  /** Absolute path of a GGUF file. */
  path: string;
  profile?: Profile;
}

/** The models that this workspace knows, by name, version and alias. */
export interface Registry {
  list(): Model[];
  /** What a name, `name@version` or alias leads to; throws `model_missing` with the names that there are. */
  resolve(nameOrAlias: string): StoredModel;
  registerEmbedded(): void;
  registerFile(entry: ModelFileEntry): void;
  /** Registers files that the person named in the settings; the first is this server's `default`. */
  useFiles(paths: readonly string[]): void;
  setAlias(alias: string, name: string, version: string): void;
  setState(name: string, version: string, state: ModelState): void;
  /** A worker has loaded it, and told how many tokens fit one conversation. */
  markLoaded(name: string, version: string, loaded: { at: number; contextLength: number }): void;
}

/** Most tokens of one conversation, whatever a model was made for: what memory of ordinary machines allows. */
export const MAX_CONTEXT = 8192;

const DEFAULT = 'default';
const EMBEDDED = { name: 'canary', version: '1.0.0' };
/** Files of the person's own have no versions. */
const UNVERSIONED = '0.0.0';
/** About 7 billion parameters at the usual four to five bits. */
const FULL_PROFILE_BYTES = 5_000_000_000;

const UNKNOWN = {
  format: 'gguf',
  sha256: null,
  architecture: null,
  parameters: null,
  quantization: null,
  licence: null,
  source: null,
  pinned: false,
  memoryBytes: null,
  benchmark: null,
  problem: null,
} as const satisfies Partial<Model>;

export function createRegistry({ db, embedded, now, onChange }: RegistryOptions): Registry {
  const statements = prepare(db);
  const states = new Map<string, ModelState>();
  /** Aliases of this server alone, which settings made. */
  const ownAliases = new Map<string, { name: string; version: string }>();

  // Another server of the workspace may be of another installation, so the file is always this one's own.
  const toStored = (row: ModelRow): StoredModel => ({
    name: row.name,
    version: row.version,
    artifact: row.embedded === 1 ? embedded : row.artifact_ref,
    bytes: row.bytes,
    contextLength: row.context_length,
    profile: row.profile,
    embedded: row.embedded === 1,
    loadedAt: row.loaded_at,
    createdAt: row.created_at,
  });

  const aliases = () =>
    new Map([...statements.aliases.all().map(({ alias, ...target }) => [alias, target] as const), ...ownAliases]);

  const toModel = (stored: StoredModel): Model => ({
    ...stored,
    ...UNKNOWN,
    tags: [],
    aliases: [...aliases()].filter(([, target]) => keyOf(target) === keyOf(stored)).map(([alias]) => alias),
    state: states.get(keyOf(stored)) ?? 'idle',
  });

  const find = (nameOrAlias: string): ModelRow | undefined => {
    const target = aliases().get(nameOrAlias);
    if (target !== undefined) return statements.exact.get(target);
    const at = nameOrAlias.lastIndexOf('@');
    const exact =
      at > 0 && statements.exact.get({ name: nameOrAlias.slice(0, at), version: nameOrAlias.slice(at + 1) });
    return exact || statements.newest.get(nameOrAlias);
  };

  const changed = (name: string, version: string) => {
    const row = statements.exact.get({ name, version });
    if (row !== undefined) onChange(toModel(toStored(row)));
  };

  const register = (entry: ModelFileEntry, isEmbedded: boolean) => {
    const bytes = statSync(entry.path, { throwIfNoEntry: false })?.size ?? 0;
    const { changes } = statements.insert.run({
      name: entry.name,
      version: entry.version,
      artifact: entry.path,
      bytes,
      contextLength: Math.min(readContextLength(entry.path) || MAX_CONTEXT, MAX_CONTEXT),
      profile: entry.profile ?? (bytes < FULL_PROFILE_BYTES ? 'small' : 'full'),
      embedded: isEmbedded ? 1 : 0,
      now: now(),
    });
    if (changes > 0) changed(entry.name, entry.version);
  };

  const setAlias = (alias: string, name: string, version: string) =>
    transact(db, () => {
      if (statements.exact.get({ name, version }) === undefined) throw missing(`${name}@${version}`, known());
      statements.setAlias.run({ alias, name, version });
    });

  const known = () => [...new Set([...aliases().keys(), ...statements.all.all().map(({ name }) => name)])];

  return {
    list: () => statements.all.all().map((row) => toModel(toStored(row))),
    resolve(nameOrAlias) {
      const row = find(nameOrAlias);
      if (row === undefined) throw missing(nameOrAlias, known());
      return toStored(row);
    },
    registerEmbedded() {
      const { version } = readCard(embedded);
      transact(db, () => {
        register({ name: EMBEDDED.name, version, path: embedded, profile: 'tiny' }, true);
        const target = statements.aliases.all().find(({ alias }) => alias === DEFAULT);
        // A newer embedded model takes over from an older one, never from what a person chose.
        if (target === undefined || target.name === EMBEDDED.name) setAlias(DEFAULT, EMBEDDED.name, version);
      });
    },
    registerFile: (entry) => register(entry, false),
    useFiles(paths) {
      ownAliases.clear();
      for (const path of paths) {
        const entry = { name: parse(basename(path)).name, version: UNVERSIONED, path: resolve(path) };
        register(entry, false);
        if (!ownAliases.has(DEFAULT)) ownAliases.set(DEFAULT, { name: entry.name, version: UNVERSIONED });
      }
    },
    setAlias(alias, name, version) {
      setAlias(alias, name, version);
      changed(name, version);
    },
    setState(name, version, state) {
      const key = keyOf({ name, version });
      if ((states.get(key) ?? 'idle') === state) return;
      states.set(key, state);
      changed(name, version);
    },
    markLoaded(name, version, { at, contextLength }) {
      transact(db, () => statements.markLoaded.run({ name, version, at, contextLength }));
      changed(name, version);
    },
  };
}

/** Null where the file does not tell: whoever loads it says what is wrong with it. */
function readContextLength(path: string): number | null {
  try {
    return readGguf(path).contextLength;
  } catch {
    return null;
  }
}

interface ModelRow {
  name: string;
  version: string;
  artifact_ref: string;
  bytes: number;
  context_length: number;
  profile: Profile;
  embedded: 0 | 1;
  loaded_at: number | null;
  created_at: number;
}

function prepare(db: Db) {
  return {
    all: db.prepare<[], ModelRow>('SELECT * FROM models ORDER BY embedded, name, created_at DESC'),
    exact: db.prepare<[{ name: string; version: string }], ModelRow>(
      'SELECT * FROM models WHERE name = @name AND version = @version',
    ),
    newest: db.prepare<[string], ModelRow>('SELECT * FROM models WHERE name = ? ORDER BY created_at DESC, rowid DESC'),
    // Registering again is usual, and then only a changed file is written.
    insert: db.prepare(`
      INSERT INTO models (name, version, artifact_ref, bytes, context_length, profile, embedded, created_at)
      VALUES (@name, @version, @artifact, @bytes, @contextLength, @profile, @embedded, @now)
      ON CONFLICT (name, version) DO UPDATE
      SET artifact_ref = excluded.artifact_ref, bytes = excluded.bytes, profile = excluded.profile,
          context_length = excluded.context_length
      WHERE artifact_ref <> excluded.artifact_ref OR bytes <> excluded.bytes OR profile <> excluded.profile`),
    aliases: db.prepare<[], { alias: string; name: string; version: string }>('SELECT * FROM aliases'),
    setAlias: db.prepare(`
      INSERT INTO aliases (alias, name, version) VALUES (@alias, @name, @version)
      ON CONFLICT (alias) DO UPDATE SET name = excluded.name, version = excluded.version`),
    markLoaded: db.prepare(`
      UPDATE models SET loaded_at = @at, context_length = @contextLength WHERE name = @name AND version = @version`),
  };
}

/** What a model file says of itself in the JSON file beside it, if there is one. */
const Card = z.object({ version: z.string().default(EMBEDDED.version) });

function readCard(path: string): z.output<typeof Card> {
  const file = join(dirname(path), `${parse(path).name}.json`);
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return Card.parse({});
  return Card.parse(JSON.parse(readFileSync(file, 'utf8')));
}

const keyOf = ({ name, version }: { name: string; version: string }) => `${name}@${version}`;

const missing = (name: string, known: readonly string[]) =>
  new OspainError('model_missing', `There is no model ${JSON.stringify(name.slice(0, 128))}.`, {
    hint: `Known are: ${known.join(', ')}.`,
  });
