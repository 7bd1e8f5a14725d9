import type { ModelAbility, ModelBenchmark, ModelFacts, ModelFormat, Profile } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';

/** What is known of the content of a model's files. */
export interface FileFacts extends ModelFacts {
  architecture: string | null;
  parameters: number | null;
  quantization: string | null;
  abilities: ModelAbility[];
  licence: string | null;
}

/** One file of a version; `path` is null in the store. */
export interface FileRow {
  name: string;
  bytes: number;
  sha256: string | null;
  path: string | null;
  shared: boolean;
}

/** Why a version is not loaded, as long as its file is the one of the fingerprint. */
export interface Problem {
  fingerprint: string;
  reason: string;
  /** Its files are not what was imported; the same import mends it. */
  damaged?: boolean;
}

/** What versions name: content, and sets of files. Whatever they do not name may go. */
export interface Named {
  content(sha256: string): boolean;
  set(digest: string): boolean;
}

export interface VersionRow {
  id: number;
  name: string;
  version: string;
  origin: 'embedded' | 'file' | 'store';
  format: ModelFormat;
  digest: string | null;
  bytes: number;
  /** Null where the file was not read. */
  facts: FileFacts | null;
  profile: Profile;
  licence: string | null;
  source: string | null;
  createdAt: number;
  contextLength: number;
  memoryBytes: number | null;
  pinned: boolean;
  problem: Problem | null;
  loadedAt: number | null;
  files: FileRow[];
  aliases: string[];
  tags: string[];
  /** The newest. */
  benchmark: ModelBenchmark | null;
}

export interface Key {
  name: string;
  version: string;
}

/** What a server finds out about a version whose files it reads. */
export type Description = Pick<VersionRow, 'bytes' | 'facts' | 'profile' | 'contextLength' | 'memoryBytes' | 'files'>;

export const keyOf = ({ name, version }: Key): string => `${name}@${version}`;

/** What is written of a new version; the rest comes later. */
export type NewRow = Omit<VersionRow, 'id' | 'pinned' | 'problem' | 'loadedAt' | 'aliases' | 'tags' | 'benchmark'>;

/** The statements of the registry; each is inside whatever transaction is open. */
export interface Rows {
  all(): VersionRow[];
  find(key: Key): VersionRow | undefined;
  add(row: NewRow): void;
  /** Of a file that stays where the person keeps it. */
  describeAgain(id: number, description: Description): void;
  remove(id: number): void;
  setAlias(alias: string, id: number): void;
  removeAlias(alias: string): boolean;
  tag(id: number, tag: string): void;
  untag(id: number, tag: string): void;
  markLoaded(key: Key, at: number, contextLength: number): void;
  setMemoryBytes(key: Key, bytes: number): void;
  setPinned(key: Key, pinned: boolean): void;
  setProblem(key: Key, problem: Problem | null): void;
  addBenchmark(key: Key, measures: ModelBenchmark): void;
  /** Newest first. */
  benchmarks(id: number): ModelBenchmark[];
  readonly named: Named;
}

export function createRows(db: Db): Rows {
  const all = db.prepare<[], { row: string }>(`SELECT ${AS_JSON} AS row FROM versions AS v ORDER BY v.id`);
  const one = db.prepare<[Key], { row: string }>(
    `SELECT ${AS_JSON} AS row FROM versions AS v WHERE v.name = @name AND v.version = @version`,
  );
  const insert = db.prepare(`
    INSERT INTO versions
      (name, version, origin, format, digest, bytes, facts, profile, licence, source, created_at, context_length,
       memory_bytes)
    VALUES (@name, @version, @origin, @format, @digest, @bytes, @facts, @profile, @licence, @source, @createdAt,
      @contextLength, @memoryBytes)`);
  const describe = db.prepare(`
    UPDATE versions SET bytes = @bytes, facts = @facts, profile = @profile, context_length = @contextLength,
      memory_bytes = @memoryBytes WHERE id = @id`);
  const insertFile = db.prepare(`
    INSERT INTO files (version_id, part, name, bytes, sha256, path, shared)
    VALUES (@id, @part, @name, @bytes, @sha256, @path, @shared)`);
  const removeFiles = db.prepare('DELETE FROM files WHERE version_id = ?');
  const remove = db.prepare('DELETE FROM versions WHERE id = ?');
  const setAlias = db.prepare(`
    INSERT INTO aliases (alias, version_id) VALUES (?, ?)
    ON CONFLICT (alias) DO UPDATE SET version_id = excluded.version_id`);
  const removeAlias = db.prepare('DELETE FROM aliases WHERE alias = ?');
  const tag = db.prepare('INSERT INTO tags (version_id, tag) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const untag = db.prepare('DELETE FROM tags WHERE version_id = ? AND tag = ?');
  const update = (columns: string) =>
    db.prepare(`UPDATE versions SET ${columns} WHERE name = @name AND version = @version`);
  const markLoaded = update('loaded_at = @at, context_length = @contextLength');
  const setMemoryBytes = update('memory_bytes = @bytes');
  const setPinned = update('pinned = @pinned');
  const setProblem = update('problem = @problem');
  const addBenchmark = db.prepare(`
    INSERT INTO benchmarks (version_id, measures)
    SELECT id, @measures FROM versions WHERE name = @name AND version = @version`);
  const benchmarks = db.prepare<[number], { measures: string }>(
    'SELECT measures FROM benchmarks WHERE version_id = ? ORDER BY id DESC',
  );
  const content = db.prepare<[string], unknown>('SELECT 1 FROM files WHERE sha256 = ? AND path IS NULL');
  const set = db.prepare<[string], unknown>('SELECT 1 FROM versions WHERE digest = ?');

  const addFiles = (id: number | bigint, files: readonly FileRow[]) =>
    files.forEach((file, index) => {
      insertFile.run({ id, part: index + 1, ...file, shared: Number(file.shared) });
    });

  return {
    all: () => all.all().map(({ row }) => toRow(row)),
    find: (key) => {
      const found = one.get(key);
      return found && toRow(found.row);
    },
    add({ facts, files, ...row }) {
      const { lastInsertRowid } = insert.run({ ...row, facts: JSON.stringify(facts) });
      addFiles(lastInsertRowid, files);
    },
    describeAgain(id, { facts, files, ...row }) {
      describe.run({ id, ...row, facts: JSON.stringify(facts) });
      removeFiles.run(id);
      addFiles(id, files);
    },
    remove: (id) => void remove.run(id),
    setAlias: (alias, id) => void setAlias.run(alias, id),
    removeAlias: (alias) => removeAlias.run(alias).changes > 0,
    tag: (id, text) => void tag.run(id, text),
    untag: (id, text) => void untag.run(id, text),
    markLoaded: (key, at, contextLength) => void markLoaded.run({ ...key, at, contextLength }),
    setMemoryBytes: (key, bytes) => void setMemoryBytes.run({ ...key, bytes }),
    setPinned: (key, pinned) => void setPinned.run({ ...key, pinned: Number(pinned) }),
    setProblem: (key, problem) => void setProblem.run({ ...key, problem: problem && JSON.stringify(problem) }),
    addBenchmark: (key, measures) => void addBenchmark.run({ ...key, measures: JSON.stringify(measures) }),
    benchmarks: (id) => benchmarks.all(id).map(({ measures }) => JSON.parse(measures) as ModelBenchmark),
    named: {
      content: (sha256) => content.get(sha256) !== undefined,
      set: (digest) => set.get(digest) !== undefined,
    },
  };
}

/** A version with all that hangs on it, in one question. */
const AS_JSON = `json_object(
  'id', v.id, 'name', v.name, 'version', v.version, 'origin', v.origin, 'format', v.format, 'digest', v.digest,
  'bytes', v.bytes, 'facts', json(v.facts), 'profile', v.profile, 'licence', v.licence, 'source', v.source,
  'createdAt', v.created_at, 'contextLength', v.context_length, 'memoryBytes', v.memory_bytes,
  'pinned', json(iif(v.pinned, 'true', 'false')), 'problem', json(v.problem), 'loadedAt', v.loaded_at,
  'files', (SELECT json_group_array(json_object('name', f.name, 'bytes', f.bytes, 'sha256', f.sha256, 'path', f.path,
      'shared', json(iif(f.shared, 'true', 'false'))) ORDER BY f.part) FROM files AS f WHERE f.version_id = v.id),
  'aliases', (SELECT json_group_array(a.alias ORDER BY a.alias) FROM aliases AS a WHERE a.version_id = v.id),
  'tags', (SELECT json_group_array(t.tag ORDER BY t.tag) FROM tags AS t WHERE t.version_id = v.id),
  'benchmark', (SELECT json(b.measures) FROM benchmarks AS b WHERE b.version_id = v.id ORDER BY b.id DESC LIMIT 1))`;

/** The schema holds what the type says. */
const toRow = (json: string): VersionRow => JSON.parse(json) as VersionRow;
