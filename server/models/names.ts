import { OspainError } from '../../protocol/index.ts';
import { type Key, keyOf, type VersionRow } from './rows.ts';
import { newestVersion } from './versions.ts';

/** What a server of its own adds to the names that all share. */
export interface OwnNames {
  /** Of the embedded model of this installation; others may have registered theirs. */
  embedded: Key | null;
  /** What its settings make its `default`. */
  default: Key | null;
}

/** All names at one moment. */
export interface Names {
  /** Those that this server has. */
  readonly versions: readonly VersionRow[];
  readonly aliases: ReadonlyMap<string, VersionRow>;
  /** What a name, `name@version` or alias leads to; throws `model_missing` with the names that there are. */
  find(ref: string): VersionRow;
}

export const DEFAULT = 'default';

/** `default` leads to the embedded model for want of another; so do aliases to one of another installation. */
export function readNames(all: readonly VersionRow[], own: OwnNames): Names {
  const isOurs = (row: VersionRow) => own.embedded !== null && keyOf(row) === keyOf(own.embedded);
  const versions = all.filter((row) => row.origin !== 'embedded' || isOurs(row));
  const ours = versions.find(isOurs);
  const aliases = new Map<string, VersionRow>();
  const point = (alias: string, target: VersionRow | undefined) => target && aliases.set(alias, target);
  point(DEFAULT, ours);
  for (const row of all) for (const alias of row.aliases) point(alias, versions.includes(row) ? row : ours);
  const ownDefault = own.default;
  point(DEFAULT, ownDefault === null ? undefined : versions.find((row) => keyOf(row) === keyOf(ownDefault)));

  return {
    versions,
    aliases,
    find(ref) {
      const at = ref.lastIndexOf('@');
      const [name, wanted] = at > 0 ? [ref.slice(0, at), ref.slice(at + 1)] : [ref, 'latest'];
      const named = versions.filter((row) => row.name === name);
      const version = wanted === 'latest' ? newestVersion(named.map((row) => row.version)) : wanted;
      const found = aliases.get(ref) ?? named.find((row) => row.version === version);
      if (found !== undefined) return found;
      const known = new Set([...aliases.keys(), ...versions.map((row) => row.name)]);
      throw new OspainError('model_missing', `There is no model ${JSON.stringify(ref.slice(0, 128))}.`, {
        hint: `Known are: ${[...known].join(', ')}.`,
      });
    },
  };
}

/** A name and an alias would hide each other. */
export function assertModelName(name: string, { aliases }: Names): void {
  if (name !== DEFAULT && !aliases.has(name)) return;
  throw new OspainError('conflict', `${name} is an alias, so it cannot be the name of a model.`, {
    hint: 'Choose another name, or remove the alias first.',
  });
}

export function assertAlias(alias: string, { versions }: Names): void {
  if (!versions.some(({ name }) => name === alias)) return;
  throw new OspainError('conflict', `${alias} is the name of a model, so it cannot be an alias.`, {
    hint: 'Choose another word.',
  });
}
