/** Who may import whom: ARCHITECTURE.md as data. Each rule returns one line for each thing that breaks it. */
import { importsOf, packageOf, type Tree } from './tree.ts';

const inWebview = (place: string): string => `webview/${place}`;

/** Folders that a zone may import besides itself; the longest zone that holds a file is its zone. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  extension: ['protocol'],
  // The hub: `main.tsx` wires it, `App.tsx` frames it; pages know what is shared and not each other.
  webview: ['protocol'],
  'webview/pages/table.ts': ['webview/pages', 'webview/ui', 'webview/words.ts'],
  'webview/pages': ['protocol', 'webview/pages/table.ts', ...['components', 'stores', 'ui', 'words.ts'].map(inWebview)],
  'webview/components': ['protocol', ...['stores', 'offline/database.ts', 'ui', 'words.ts'].map(inWebview)],
  'webview/stores': ['protocol', ...['home', 'line', 'offline', 'words.ts'].map(inWebview)],
  'webview/home': ['protocol', ...['line', 'theme'].map(inWebview)],
  'webview/line': ['protocol'],
  'webview/offline': ['protocol', inWebview('line')],
  'webview/ui': [],
  'webview/theme': [],
  'webview/words.ts': ['protocol', 'l10n'],
  // What keeps a process from the network. Programs install it; who may let a connection through it imports `pass.ts`.
  guard: ['protocol'],
  cli: ['protocol'],
  'cli/main.ts': ['protocol', 'guard/guard.ts', 'guard/ofCommandLine.ts', 'cli'],
  'cli/host.ts': ['guard/guard.ts', 'cli'],
  'cli/prove/loopback.ts': ['guard/pass.ts'],
  // Inside the server nothing points up: what is above hears events.
  'server/transports': ['protocol', 'server/dispatch.ts', 'server/audit', 'server/log.ts', 'server/version.ts'],
  'server/handlers': [
    'protocol',
    'server/dispatch.ts',
    'server/log.ts',
    'server/version.ts',
    'server/tasks',
    'server/schedules',
    'server/horizon',
    'server/agents',
    'server/approvals',
    'server/audit',
    'server/models',
    'server/egress',
    'server/inference',
    'server/keys',
    'server/completion',
    'server/codeIndex',
    'server/language',
    'server/mcp',
    'server/notes',
    'server/suggestions',
    'server/syntax',
    'server/storage',
  ],
  'server/doctor': [
    'protocol',
    'guard/ofServer.ts',
    'server/visualC.ts',
    'server/commands',
    'server/inference',
    'server/storage',
  ],
  'server/boxes': ['protocol', 'server/horizon', 'server/notes', 'server/storage'],
  'server/suggestions': [
    'protocol',
    'server/agents',
    'server/codeIndex',
    'server/horizon',
    'server/inference',
    'server/notes',
    'server/tasks',
    'server/storage',
  ],
  'server/notes': ['protocol', 'server/agents/proposals/merge.ts', 'server/storage'],
  'server/language': ['protocol', 'server/agents', 'server/tasks', 'server/inference', 'server/syntax'],
  'server/mcp': [
    'protocol',
    'guard/wall.ts',
    'server/log.ts',
    'server/version.ts',
    'server/audit',
    'server/egress',
    'server/storage',
  ],
  'server/codeIndex': ['protocol', 'server/log.ts', 'server/timer.ts', 'server/syntax', 'server/storage'],
  'server/completion': ['protocol', 'server/inference'],
  'server/approvals': ['protocol', 'server/audit', 'server/tasks', 'server/storage'],
  'server/agents': [
    'protocol',
    'server/log.ts',
    'server/tasks',
    'server/approvals',
    'server/audit',
    'server/commands',
    'server/inference',
    'server/mcp',
    'server/secrets',
    'server/syntax',
    'server/storage',
  ],
  'server/syntax': ['protocol', 'server/log.ts'],
  'server/commands': ['protocol'],
  'server/inference': [
    'protocol',
    'guard/wall.ts',
    'server/log.ts',
    'server/timer.ts',
    'server/audit',
    'server/visualC.ts',
    'server/models',
    'server/storage',
  ],
  'server/models': ['protocol', 'server/log.ts', 'server/egress', 'server/storage'],
  'server/egress': ['protocol', 'guard/guard.ts', 'guard/pass.ts', 'server/log.ts', 'server/audit', 'server/storage'],
  'server/tasks': ['protocol', 'server/log.ts', 'server/timer.ts', 'server/storage'],
  'server/schedules': ['protocol', 'server/log.ts', 'server/timer.ts', 'server/tasks', 'server/storage'],
  'server/horizon': ['protocol', 'server/tasks', 'server/schedules', 'server/storage'],
  'server/keys': ['protocol', 'server/timer.ts', 'server/audit', 'server/storage'],
  'server/secrets': ['protocol', 'server/approvals', 'server/audit'],
  'server/audit': ['protocol', 'server/storage'],
  'server/storage': ['protocol', 'server/log.ts'],
  'server/storage/keyringProgram.ts': ['guard/ofWorker.ts', 'server/storage'],
  'server/inference/llama/worker.ts': ['protocol', 'guard/ofWorker.ts', 'server/inference'],
  'server/dispatch.ts': ['protocol', 'server/log.ts'],
  'server/coreSlot.ts': ['protocol', 'server/dispatch.ts'],
  'server/modelSlot.ts': ['protocol', 'server/dispatch.ts', 'server/coreSlot.ts', 'server/modelHost.ts'],
  'server/log.ts': ['protocol'],
  'server/visualC.ts': [],
  'server/settings.ts': ['protocol'],
  'server/timer.ts': [],
  'server/version.ts': ['package.json'],
  // The composition roots wire everything.
  'server/app.ts': ['protocol', 'guard/guard.ts', 'server'],
  'server/core.ts': ['protocol', 'server'],
  'server/main.ts': ['protocol', 'guard/ofServer.ts', 'server'],
  'server/vault.ts': ['protocol', 'server'],
  'server/modelHost.ts': ['protocol', 'server'],
  scripts: ['protocol', 'server', 'cli', 'test', 'package.json'],
  models: ['protocol', 'server', 'scripts'],
  test: ['protocol', 'guard', 'server', 'extension', 'webview', 'cli', 'scripts', 'models', 'package.json'],
};

/** Packages that one place alone may use; tests, scripts and the making of models may use any. */
const packageHomes: Readonly<Record<string, readonly string[]>> = {
  vscode: ['extension'],
  'vscode-languageclient': ['extension'],
  'vscode-languageserver-textdocument': ['server/transports'],
  'vscode-languageserver': ['server/transports', 'server/main.ts'],
  fastify: ['server/transports'],
  'node-llama-cpp': ['server/inference/llama'],
  dockerode: ['server/inference/runtimes/container'],
  'modern-tar': ['server/inference/runtimes/container'],
  'better-sqlite3': ['server/storage'],
  '@napi-rs/keyring': ['server/storage'],
  commander: ['cli'],
  react: ['webview'],
  'react-dom': ['webview/main.tsx'],
  zustand: ['webview/stores', 'webview/components'],
  idb: ['webview/offline'],
  'workbox-core': ['webview/offline'],
  'workbox-precaching': ['webview/offline'],
  'workbox-routing': ['webview/offline'],
  '@dnd-kit/core': ['webview/pages/plan'],
  uplot: ['webview/components'],
  '@vscode/webview-ui-toolkit': ['webview/ui'],
  croner: ['server/schedules'],
  'ical-generator': ['server/horizon'],
  '@vscode/ripgrep': ['server/agents/ripgrep.ts'],
  '@vscode/tree-sitter-wasm': ['server/syntax'],
  semver: ['server/models'],
  '@secretlint/core': ['server/secrets'],
  '@secretlint/secretlint-rule-preset-recommend': ['server/secrets'],
  // What reaches other machines goes through one place; the rest of these carry the local sockets.
  'node:https': ['server/egress'],
  'node:http2': [],
  'node:dns': ['server/egress', 'guard'],
  'node:tls': [],
  'node:dgram': ['guard'],
  'node:http': ['server/egress', 'server/transports', 'cli/socketCarrier.ts', 'cli/prove/loopback.ts'],
  'node:net': [
    'guard',
    'server/egress',
    'server/transports',
    'server/storage/sessionBus.ts',
    'server/doctor/listeners.ts',
  ],
};

const free = ['scripts', 'models', 'test'];

const isIn = (file: string, place: string): boolean => file === place || file.startsWith(`${place}/`);

/** Undefined for a file that no rule knows: a new folder has to say what it may import. */
function zoneOf(file: string): string | undefined {
  const zones = Object.keys(mayImport).filter((zone) => isIn(file, zone));
  return zones.sort((one, other) => other.length - one.length)[0];
}

/** The folder of one page of the hub: what is in it is nobody else's. */
const pageOf = (file: string): string | undefined => /^webview\/pages\/[^/]+(?=\/)/.exec(file)?.[0];

export function forbiddenImports(tree: Tree): string[] {
  return [...tree].flatMap(([file, text]) => {
    const zone = zoneOf(file);
    if (zone === undefined) return [`${file} is in no place that the rules know`];
    const allowed = [pageOf(file) ?? zone, ...(mayImport[zone] ?? [])];
    return importsOf(file, text)
      .filter(({ specifier, file: target }) =>
        target === undefined ? !allowedPackage(file, zone, specifier) : !allowed.some((place) => isIn(target, place)),
      )
      .map(({ specifier }) => `${file} must not import ${specifier}`);
  });
}

function allowedPackage(file: string, zone: string, specifier: string): boolean {
  const name = packageOf(specifier);
  if (zone === 'protocol') return name === 'zod';
  if (isIn(file, 'webview') && name === 'node:') return false;
  if (free.includes(zone)) return true;
  const homes = packageHomes[name] ?? packageHomes[specifier.replace(/\/.*/, '')];
  return homes === undefined || homes.some((home) => isIn(file, home));
}

/** Each circle once, as the files on it. */
export function circularImports(tree: Tree): string[] {
  const edges = new Map(
    [...tree].map(([file, text]) => {
      const targets = importsOf(file, text).flatMap(({ file: target }) => (target && tree.has(target) ? [target] : []));
      return [file, targets];
    }),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, above: readonly string[]): void => {
    const at = above.indexOf(file);
    if (at >= 0) circles.push([...above.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const target of edges.get(file) ?? []) visit(target, [...above, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return circles;
}
