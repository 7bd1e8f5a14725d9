import ignore from 'ignore';

/**
 * Files that programs run by themselves, or take programs from: whoever may write one of them runs what they like, the next
 * time that an editor opens the folder, a branch changes or a package is installed. So an edit of one is never accepted
 * without a person. It is data: patterns as in `.gitignore`, with the reason that the person reads.
 */
const kinds: readonly { patterns: readonly string[]; reason: string }[] = [
  {
    patterns: ['.vscode/', '*.code-workspace', '.idea/', '.vs/', '.zed/', '.fleet/'],
    reason: 'the editor runs what it says',
  },
  {
    patterns: ['.vimrc', '.nvimrc', '.exrc', '.nvim.lua', '.lazy.lua', '.dir-locals.el', '.helix/'],
    reason: 'the editor runs what it says',
  },
  {
    patterns: ['.devcontainer/', '.devcontainer.json', '.gitpod.yml'],
    reason: 'the editor makes a container that runs what it says',
  },
  {
    patterns: [
      '.git/',
      '.gitmodules',
      '.gitattributes',
      '.gitconfig',
      '.githooks/',
      '.husky/',
      '.lefthook/',
      'lefthook.*',
      '.pre-commit-config.yaml',
      '.lintstagedrc*',
      '.hg/',
    ],
    reason: 'git runs what it says',
  },
  {
    patterns: [
      '.envrc',
      '.env',
      '.env.*',
      '.bashrc',
      '.bash_profile',
      '.profile',
      '.zshrc',
      '.zshenv',
      '.tool-versions',
      'mise.toml',
      '.mise.toml',
    ],
    reason: 'the shell runs it when the folder is entered',
  },
  {
    patterns: [
      '.npmrc',
      '.yarnrc',
      '.yarnrc.yml',
      '.yarn/',
      '.pnpmfile.*',
      'pnpm-workspace.yaml',
      'bunfig.toml',
      '.nvmrc',
    ],
    reason: 'the package manager runs what it says',
  },
  {
    patterns: ['setup.py', 'conftest.py', 'sitecustomize.py', 'usercustomize.py', '*.pth', 'noxfile.py'],
    reason: 'Python runs it by itself',
  },
  { patterns: ['build.rs', '.cargo/', 'rust-toolchain', 'rust-toolchain.toml'], reason: 'building runs it' },
  {
    patterns: [
      'Directory.Build.*',
      '*.targets',
      '*.props',
      'gradle-wrapper.*',
      'gradlew',
      'gradlew.bat',
      'mvnw',
      'mvnw.cmd',
      '.mvn/',
      'init.gradle*',
    ],
    reason: 'building runs it',
  },
  {
    patterns: [
      '.github/workflows/',
      '.github/actions/',
      '.gitlab-ci.yml',
      '.circleci/',
      'Jenkinsfile',
      'azure-pipelines.yml',
      '.travis.yml',
      '.woodpecker*',
      '.forgejo/',
      '.gitea/',
      '.ci/',
    ],
    reason: 'a server runs what it says',
  },
  {
    patterns: [
      'mcp.json',
      '.mcp.json',
      '.ospain2/',
      '.claude/',
      '.cursor/',
      '.continue/',
      '.roo/',
      '.clinerules/',
      '.codex/',
      '.gemini/',
    ],
    reason: 'agents start programs that it names',
  },
];

const tests = kinds.map(({ patterns, reason }) => ({ reason, test: ignore({ ignorecase: true }).add([...patterns]) }));

/** What of a `package.json` is run by itself, by installing or by committing. */
const RUN_BY_NPM = [
  'scripts',
  'husky',
  'lint-staged',
  'simple-git-hooks',
  'pre-commit',
  'gypfile',
  'binary',
  'overrides',
  'resolutions',
  'pnpm',
  'packageManager',
  'workspaces',
];

interface Change {
  path: string;
  before: string | null;
  after: string | null;
}

/** Why an edit has to be looked at by a person before it is on disk, in words; undefined when it need not. */
export function selfRunning({ path, before, after }: Change): string | undefined {
  const known = ignore.isPathValid(path) ? tests.find(({ test }) => test.ignores(path)) : undefined;
  if (known) return known.reason;
  if (path.split('/').at(-1)?.toLowerCase() !== 'package.json') return undefined;
  return runs(before) === runs(after) ? undefined : 'the package manager runs its scripts';
}

/** The part that is run, the same text for the same; of what cannot be read, all of it. */
function runs(text: string | null): string {
  if (text === null) return 'null';
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== 'object' || manifest === null) return text;
    return JSON.stringify(RUN_BY_NPM.map((key) => (manifest as Record<string, unknown>)[key] ?? null));
  } catch {
    return text;
  }
}
