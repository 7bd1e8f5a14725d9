/** What packages in the hub must leave, so that its page needs no style and no code but its own files. */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

interface Change {
  readonly file: RegExp;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const changes: readonly Change[] = [
  {
    file: /[\\/]fast-web-utilities[\\/]dist[\\/]dom\.js$/,
    from: 'if (typeof _canUseFocusVisible === "boolean") {\n        return _canUseFocusVisible;\n    }',
    to: 'return true;',
    why: 'it tries with a style of its own what every browser of these years can do',
  },
  {
    file: /[\\/]style-mod[\\/]src[\\/]style-mod\.js$/,
    from: '!root.head && root.adoptedStyleSheets',
    to: 'root.adoptedStyleSheets',
    why: "it would write the editor's styles into the page, though it can hand them to the browser",
  },
  {
    file: /[\\/]fast-foundation[\\/]dist[\\/]esm[\\/]badge[\\/]badge\.template\.js$/,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file
    from: ' style="${x => x.generateBadgeStyle()}"',
    to: '',
    why: 'it has a style of its own in its HTML, which a badge of VS Code leaves empty',
  },
  {
    file: /[\\/]zod[\\/]v4[\\/]core[\\/]core\.js$/,
    from: 'export const globalConfig = globalThis.__zod_globalConfig;',
    to: 'export const globalConfig = globalThis.__zod_globalConfig; globalConfig.jitless = true;',
    why: 'it would try whether it may make code at run time, which the page forbids',
  },
  {
    file: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/,
    from: '',
    to: "export { default as en } from './en.js';",
    why: 'it brings messages in fifty languages that nobody sees here, a third of what would be loaded first',
  },
];

/** Fails the build when a package no longer has what is to be changed: somebody has to look then. */
export const strictPackages: Plugin = {
  name: 'strict packages',
  setup(build) {
    for (const { file, from, to, why } of changes)
      build.onLoad({ filter: file }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        if (!text.includes(from)) throw new Error(`${path} has changed; what it was changed for: ${why}`);
        return { contents: from === '' ? to : text.replace(from, to) };
      });
  },
};
