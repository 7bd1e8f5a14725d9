/** What takes the room in a package, largest first. */

export interface PackedFile {
  readonly path: string;
  readonly bytes: number;
  /** What it takes in the package, in bytes; unknown where files are packed as one, as in a tarball. */
  readonly packedBytes?: number;
}

const parts: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['llama.cpp binaries', /\/node_modules\/@node-llama-cpp\//],
  ['ripgrep', /\/node_modules\/@vscode\/ripgrep-/],
  ['grammars of languages', /\/node_modules\/@vscode\/tree-sitter-wasm\//],
  ['node-llama-cpp and its packages', /\/node_modules\//],
  ['embedded model', /\/media\/models\//],
  ['pictures and samples', /\/media\//],
  ['database and keyring addons', /\/dist\/[^/]*\.node$/],
  ['hub', /\/dist\/hub\//],
  ['bundles', /\/dist\/[^/]*\.c?js$/],
];

export function sizeTable(entries: readonly PackedFile[]): string {
  const sums = new Map<string, { files: number; bytes: number; packedBytes: number }>();
  for (const entry of entries) {
    const add = (name: string) => {
      const { files, bytes, packedBytes } = sums.get(name) ?? { files: 0, bytes: 0, packedBytes: 0 };
      sums.set(name, {
        files: files + 1,
        bytes: bytes + entry.bytes,
        packedBytes: packedBytes + (entry.packedBytes ?? 0),
      });
    };
    add(parts.find(([, pattern]) => pattern.test(entry.path))?.[0] ?? 'texts and manifest');
    add('all');
  }
  const rows = [...sums].sort(([, one], [, other]) => other.packedBytes - one.packedBytes || other.bytes - one.bytes);
  const lines = rows.map(([name, { files, bytes, packedBytes }]) =>
    row(name, String(files), mib(bytes), packedBytes > 0 ? mib(packedBytes) : ''),
  );
  return [row('part', 'files', 'MiB', 'packed'), ...lines].join('\n');
}

const row = (name: string, ...columns: string[]): string =>
  name.padEnd(34) + columns.map((column) => column.padStart(8)).join('');

const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(2);
