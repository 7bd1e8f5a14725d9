import type { Metadata, SpecialToken } from './metadata.ts';
import { eotTexts, type FimFamily, fimFamilies, fimKeys, specialKeys } from './tokenTexts.ts';

/** Each null where the model has none. */
export interface SpecialTokens {
  readonly bos: SpecialToken | null;
  readonly eos: SpecialToken | null;
  /** Ends a turn. */
  readonly eot: SpecialToken | null;
  readonly unk: SpecialToken | null;
  readonly pad: SpecialToken | null;
}

/** The tokens around a hole that the model is to fill. */
export interface FimTokens {
  /** Whose way of writing it is, such as `qwen`; null when only the file's own keys tell the tokens. */
  readonly family: string | null;
  readonly prefix: SpecialToken;
  readonly suffix: SpecialToken;
  readonly middle: SpecialToken;
  readonly pad: SpecialToken | null;
  /** Stands before the name of a repository. */
  readonly repo: SpecialToken | null;
  /** Stands before each file of a repository. */
  readonly file: SpecialToken | null;
}

export function readSpecialTokens(metadata: Metadata): SpecialTokens {
  const find = (keys: readonly string[]) => byKey(metadata, keys) ?? null;
  return {
    bos: find(specialKeys.bos),
    eos: find(specialKeys.eos),
    eot: find(specialKeys.eot) ?? first(eotTexts, metadata.tokenOf) ?? null,
    unk: find(specialKeys.unk),
    pad: find(specialKeys.pad),
  };
}

/** The file's keys count before texts; null unless there are a prefix, a suffix and a middle. */
export function readFimTokens(metadata: Metadata): FimTokens | null {
  const family = findFamily(metadata);
  const find = (part: keyof typeof fimKeys): SpecialToken | null => {
    const text = family?.[part];
    return byKey(metadata, fimKeys[part]) ?? (text === undefined ? undefined : metadata.tokenOf(text)) ?? null;
  };
  const [prefix, suffix, middle] = [find('prefix'), find('suffix'), find('middle')];
  if (prefix === null || suffix === null || middle === null) return null;
  const isOfFamily = prefix.text === family?.prefix && suffix.text === family.suffix && middle.text === family.middle;
  return {
    family: isOfFamily ? family.family : null,
    prefix,
    suffix,
    middle,
    pad: find('pad'),
    repo: find('repo'),
    file: find('file'),
  };
}

/** Of the families whose prefix, suffix and middle are there, the one with the most of the rest. */
function findFamily({ tokenOf }: Metadata): FimFamily | undefined {
  const has = (text: string | undefined) => text !== undefined && tokenOf(text) !== undefined;
  const rest = ({ pad, repo, file }: FimFamily) => [pad, repo, file].filter(has).length;
  return fimFamilies
    .filter(({ prefix, suffix, middle }) => [prefix, suffix, middle].every(has))
    .reduce<FimFamily | undefined>((best, next) => (best && rest(best) >= rest(next) ? best : next), undefined);
}

const byKey = ({ token }: Metadata, keys: readonly string[]) => first(keys, token);

function first<T>(keys: readonly string[], find: (key: string) => T | undefined): T | undefined {
  for (const key of keys) {
    const found = find(key);
    if (found !== undefined) return found;
  }
  return undefined;
}
