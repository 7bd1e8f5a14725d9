/**
 * A machine of its own for one VS Code: home, settings, data and temporary files in one temp folder.
 *
 * Nothing of the person's own HOME or environment is read or written.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { atExit } from './atExit.ts';

export interface Folders {
  /** The temp folder that holds all the others, save a workspace that the test gave. */
  readonly root: string;
  readonly home: string;
  /** VS Code's user data: settings, state, logs. */
  readonly userData: string;
  readonly extensions: string;
  /** TMPDIR of VS Code and all that it starts. */
  readonly temp: string;
  /** The product's data folder. */
  readonly product: string;
  readonly browser: string;
  readonly workspace: string;
}

export interface Profile {
  readonly folders: Folders;
  readonly env: Readonly<Record<string, string>>;
  dispose(): void;
}

export interface ProfileOptions {
  /** Opened in place; an empty folder where none is given. */
  readonly workspace?: string | undefined;
  /** Added to the environment of VS Code and all that it starts. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** VS Code's own, such as `de`; its texts stay English, as no language pack is there. English where none is given. */
  readonly language?: string | undefined;
  /** Added to VS Code's user settings. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

/** The rest of the environment stays outside: PORT or PASSWORD, for one, would change code-server. */
const inherited = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'CI', 'LD_LIBRARY_PATH', 'DISPLAY', 'WAYLAND_DISPLAY', 'SystemRoot'];

const quietSettings = {
  'chat.disableAIFeatures': true,
  'diffEditor.useInlineViewWhenSpaceIsLimited': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

export function createProfile(options: ProfileOptions = {}): Profile {
  // A short path: sockets lie below it, and their paths end at 107 bytes.
  const root = mkdtempSync(path.join(os.tmpdir(), 'ospain2-test-'));
  const remove = (): void => rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  const callOff = atExit(remove);
  const folder = (...names: string[]): string => {
    const made = path.join(root, ...names);
    mkdirSync(made, { recursive: true, mode: 0o700 });
    return made;
  };
  const folders: Folders = {
    root,
    home: folder('home'),
    userData: folder('data'),
    extensions: folder('exts'),
    temp: folder('tmp'),
    product: folder('product'),
    browser: folder('browser'),
    workspace: options.workspace ? path.resolve(options.workspace) : folder('workspace'),
  };
  const settings = JSON.stringify({ ...quietSettings, ...options.settings });
  writeFileSync(path.join(folder('data', 'User'), 'settings.json'), settings);
  // In a remote window, as any of a browser is, settings of the machine count only from here.
  writeFileSync(path.join(folder('data', 'Machine'), 'settings.json'), settings);
  const outer = Object.entries(process.env).filter(([name]) => inherited.includes(name));
  const env = {
    ...Object.fromEntries(outer.map(([name, value]) => [name, value ?? ''])),
    HOME: folders.home,
    XDG_CONFIG_HOME: folder('home', '.config'),
    XDG_DATA_HOME: folder('home', '.local', 'share'),
    XDG_STATE_HOME: folder('home', '.local', 'state'),
    XDG_CACHE_HOME: folder('home', '.cache'),
    XDG_RUNTIME_DIR: folder('run'),
    TMPDIR: folders.temp,
    OSPAIN2_DATA_DIR: folders.product,
    OSPAIN2_KEY_STORE: 'file',
    // No gallery: VS Code asks nothing of the network.
    EXTENSIONS_GALLERY: '{}',
    ...options.env,
  };
  const dispose = (): void => {
    callOff();
    remove();
  };
  return { folders, env, dispose };
}
