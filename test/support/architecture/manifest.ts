/** Rules that tie the extension's code to its manifest, which VS Code reads before any code runs. */
import { type Tree, withoutComments } from './tree.ts';

export interface Manifest {
  readonly contributes?: {
    readonly commands?: readonly { readonly command: string }[];
    readonly configuration?: Configuration | readonly Configuration[];
    readonly views?: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

interface Configuration {
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Commands have three parts, `ospain2.<noun>.<verb>`; views, settings and context keys have two. */
const commandId = /ospain2\.[a-z]\w*\.[a-z]\w*/g;
const definition = /^\s*'(ospain2\.[a-z]\w*\.[a-z]\w*)':/gm;

function extensionCode(tree: Tree): [file: string, code: string][] {
  const files = [...tree].filter(([file]) => file.startsWith('extension/'));
  return files.map(([file, text]) => [file, withoutComments(text)]);
}

/** Every command that is defined is declared and the other way round, and every id that is mentioned is one of them. */
export function commandMismatches(tree: Tree, manifest: Manifest): string[] {
  const code = extensionCode(tree);
  const declared = new Set(manifest.contributes?.commands?.map(({ command }) => command));
  // VS Code makes this command for each view.
  const focus = Object.values(manifest.contributes?.views ?? {}).flatMap((views) =>
    views.map(({ id }) => `${id}.focus`),
  );
  // A setting in a group has three parts, too.
  const settings = settingsOf(manifest);
  const defined = new Set(code.flatMap(([, text]) => [...text.matchAll(definition)].map((found) => found[1] ?? '')));
  const mentioned = [...code, ['package.json', JSON.stringify(manifest.contributes ?? {})] as const].flatMap(
    ([file, text]) => [...text.matchAll(commandId)].map(([id]) => ({ file, id })),
  );
  return [
    ...[...declared].filter((id) => !defined.has(id)).map((id) => `${id} is in the manifest, and no code defines it`),
    ...[...defined].filter((id) => !declared.has(id)).map((id) => `${id} is defined, and the manifest does not say so`),
    ...mentioned
      .filter(({ id }) => !declared.has(id) && !defined.has(id) && !focus.includes(id) && !settings.has(id))
      .map(({ file, id }) => `${file} mentions ${id}, which is no command`),
  ];
}

const settingsOf = ({ contributes }: Manifest): Set<string> =>
  new Set([contributes?.configuration ?? []].flat().flatMap(({ properties }) => Object.keys(properties ?? {})));

/** Settings are read in one file, each that is read is declared, and each that is declared is read. */
export function settingMismatches(tree: Tree, manifest: Manifest): string[] {
  const home = 'extension/settings.ts';
  const declared = settingsOf(manifest);
  const code = withoutComments(tree.get(home) ?? '');
  const read = new Set([...code.matchAll(/\.get(?:<[^()]*>)?\(\s*'([\w.]+)'/g)].map((found) => `ospain2.${found[1]}`));
  const watched = [...code.matchAll(/affectsConfiguration\(\s*'(ospain2\.[\w.]+)'/g)].map((found) => found[1] ?? '');
  const elsewhere = extensionCode(tree).filter(
    ([file, text]) => file !== home && /getConfiguration\(\s*'ospain2/.test(text),
  );
  return [
    ...[...read, ...watched].filter((name) => !declared.has(name)).map((name) => `${name} is read, and not declared`),
    ...[...declared].filter((name) => !read.has(name)).map((name) => `${name} is declared, and never read`),
    ...elsewhere.map(([file]) => `${file} reads settings; ${home} does that`),
  ];
}
