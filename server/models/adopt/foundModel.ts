import { basename } from 'node:path';

export interface FoundFile {
  /** Absolute; where the bytes are, and no link. */
  path: string;
  /** What the file is called, where its path does not tell. */
  name: string;
  bytes: number;
  /** As the other program says; nobody hashed it here. */
  sha256: string | undefined;
}

/** A model that another program holds on this disk. */
export interface FoundModel {
  program: 'Ollama' | 'LM Studio' | 'Hugging Face';
  /** What it could be called here: it fits a model's name. */
  name: string;
  /** What the other program tells its variants apart by, such as `7b-instruct` or `Q4_K_M`. */
  tag: string | undefined;
  /** One, or all parts of a split one in their order. */
  files: FoundFile[];
}

/** Letters, digits, single dots, `-` and `_`, whatever the other program allows. */
export function modelName(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+|\.+$/g, '')
    .slice(0, 100);
  return name === '' ? 'model' : name.replace(/\.$/, '');
}

/** The quantisation that a file's name tells. */
export function quantisationIn(file: string): string | undefined {
  const found = /[-._](I?Q\d\w*|TQ\d\w*|MXFP4\w*|BF16|F16|F32)(?:-\d{5}-of-\d{5})?\.gguf$/i.exec(file);
  return found?.[1]?.toUpperCase();
}

/** Puts the parts of split models together; those of which a part is missing are left out, as are projectors. */
export function wholeModels(files: readonly FoundFile[]): FoundFile[][] {
  const groups = new Map<string, FoundFile[]>();
  for (const file of files) {
    const base = basename(file.name);
    if (/^mmproj/i.test(base)) continue;
    const split = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i.exec(file.name);
    const key = split ? `${split[1]} ${split[3]}` : file.name;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].filter((parts) => {
    const [first] = parts;
    const count = Number(/-of-(\d{5})\.gguf$/i.exec(first?.name ?? '')?.[1] ?? 1);
    const isInOrder = parts.every(({ name }, n) => count === 1 || Number(/-(\d{5})-of-/.exec(name)?.[1]) === n + 1);
    return parts.length === count && isInOrder;
  });
}
