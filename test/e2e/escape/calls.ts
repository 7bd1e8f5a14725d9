/** Calls of tools that try to reach what is not in the workspace. */
import type { Call } from '../../../server/agents/format.ts';
import type { World } from './world.ts';

const places: readonly ((at: World) => string)[] = [
  () => '../outside/canary.txt',
  () => 'sub/../../outside/canary.txt',
  ({ base }) => `${base}/outside/canary.txt`,
  ({ base, workspace }) => `${workspace}/../${base.slice(base.lastIndexOf('/') + 1)}/outside/canary.txt`,
  () => 'out/canary.txt',
  () => 'out/new.txt',
  () => 'key-link',
  () => 'relative-link',
  () => '/proc/self/environ',
  () => '/proc/self/root/etc/passwd',
  () => '/dev/zero',
  () => '/dev/stdin',
  () => 'leak',
  () => 'in.sock',
  () => '.git/config',
  () => '.GIT/hooks/pre-commit',
  () => '.g\u200bit/config',
  () => 'sub\\..\\..\\outside\\canary.txt',
  () => 'a.txt\0.png',
  () => 'a\nb',
  () => '~/.ssh/id_rsa',
  ({ home }) => `file://${home}/.ssh/id_rsa`,
  () => 'a.txt:stream',
  () => `${'d/'.repeat(3000)}x`,
];

/** Each place with every tool that takes one. */
export const hostileCalls = (at: World): Call[] =>
  places.flatMap((place): Call[] => {
    const path = place(at);
    return [
      { tool: 'read_file', path, from: 1, to: 100 },
      { tool: 'list_files', path },
      { tool: 'search_text', path, text: 'CANARY' },
      { tool: 'edit_file', path, body: [{ search: '', replace: 'evil' }] },
      { tool: 'write_file', path, body: 'evil' },
      { tool: 'delete_file', path },
      { tool: 'move_file', path, to: 'stolen.txt' },
      { tool: 'move_file', path: 'a.txt', to: path },
    ];
  });
