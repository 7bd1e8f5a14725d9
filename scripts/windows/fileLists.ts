/** What Setup writes and its uninstaller removes, file by file, as NSIS has it. */

export interface ShippedFile {
  /** Where it is on this machine. */
  readonly source: string;
  /** Where it comes to lie below the folder of the installation, with `\`. */
  readonly name: string;
}

/** A `$` begins a variable of NSIS where Setup runs; where it is compiled, it does not. */
const text = (name: string): string => name.replaceAll('$', '$$$$');

const folderOf = (name: string): string => (name.includes('\\') ? name.slice(0, name.lastIndexOf('\\')) : '');
const below = (folder: string): string => (folder === '' ? '$INSTDIR' : `$INSTDIR\\${text(folder)}`);

export function installLines(files: readonly ShippedFile[]): string {
  let open: string | undefined;
  const lines = sorted(files).flatMap(({ source, name }) => {
    const folder = folderOf(name);
    const enters = folder === open ? [] : [`SetOutPath "${below(folder)}"`];
    open = folder;
    return [...enters, `File "/oname=${text(name.slice(folder === '' ? 0 : folder.length + 1))}" "${source}"`];
  });
  return `${lines.join('\n')}\n`;
}

/** Folders go only when they are empty, the deepest first. */
export function uninstallLines(files: readonly ShippedFile[]): string {
  const folders = new Set<string>();
  for (const { name } of files)
    for (let folder = folderOf(name); folder !== ''; folder = folderOf(folder)) folders.add(folder);
  const deepestFirst = [...folders].sort().reverse();
  return [
    ...sorted(files).map(({ name }) => `Delete "$INSTDIR\\${text(name)}"`),
    ...deepestFirst.map((folder) => `RMDir "${below(folder)}"`),
    '',
  ].join('\n');
}

/** For the next version, to know what this one had. */
export const fileNames = (files: readonly ShippedFile[]): string =>
  sorted(files)
    .map(({ name }) => `${name}\r\n`)
    .join('');

const sorted = (files: readonly ShippedFile[]): ShippedFile[] =>
  files.toSorted((one, other) => (one.name < other.name ? -1 : 1));
