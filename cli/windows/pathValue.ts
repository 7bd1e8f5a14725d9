import { REG_EXPAND_SZ, type RegistryValue, textOf } from './registryFile.ts';

/*
 * The person's `Path` in the registry, with one folder more or less. Nothing else of it changes by a byte: neither how other
 * folders are written, nor the kind of the value, nor what stands behind its last character.
 */

/**
 * The value with the folder in it; the same where it is there. It comes first: programs are shown only the beginning of a
 * `Path` that is too long.
 */
export function withFolder(value: RegistryValue | undefined, folder: string): RegistryValue {
  if (value === undefined) return { type: REG_EXPAND_SZ, bytes: utf16(`${entryOf(folder)}\0`) };
  if (has(value, folder)) return value;
  return { ...value, bytes: Buffer.concat([utf16(`${entryOf(folder)};`), value.bytes]) };
}

/** The value without the folder; null where nothing else was ever in it. */
export function withoutFolder(value: RegistryValue | undefined, folder: string): RegistryValue | null {
  if (value === undefined) return null;
  if (!has(value, folder)) return value;
  const whole = value.bytes.toString('utf16le');
  const text = textOf(value);
  const parts = entries(text);
  const kept = parts.filter((part) => !isSame(part, folder));
  if (kept.length === 0) return null;
  return { ...value, bytes: utf16(kept.join(';') + whole.slice(text.length)) };
}

const has = (value: RegistryValue, folder: string): boolean =>
  entries(textOf(value)).some((one) => isSame(one, folder));

/** A semicolon in quotes is part of a folder's name; a quote that nobody closes goes to the end. */
function entries(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    if (character === ';' && !isQuoted) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part];
}

const entryOf = (folder: string): string => (folder.includes(';') ? `"${folder}"` : folder);

const isSame = (entry: string, folder: string): boolean => bare(entry) === bare(folder);
const bare = (entry: string): string => entry.replaceAll('"', '').replace(/\\+$/, '').toLowerCase();

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
