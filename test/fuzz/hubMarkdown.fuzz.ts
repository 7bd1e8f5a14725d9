import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { repository } from '../../scripts/paths.ts';
import { mutated, sayingsOf, sourceOf } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';

/** The hub's Markdown, drawn: whatever it says, what comes of it is inert. No script, no picture, no scheme but three. */
const corpus = [
  ...['docs/mcp.md', 'docs/agents.md', 'media/sample/README.md'].map((path) => sourceOf(path).slice(0, 3000)),
  ...sayingsOf('test/server/notes/reader.test.ts'),
  '[a](javascript:alert(1)) <script>alert(1)</script> ![x](http://127.0.0.1/x.png) <img src=x onerror=alert(1)>',
  '[a]: data:text/html,<b> "t"\n\n[a] [b](vbscript:x) <javascript:x> <https://a.b>\n\n| a | b |\n|---|---|\n| 1 | `2` |\n',
];
const words = [
  ...[
    'javascript:',
    'JaVaScRiPt:',
    'java\tscript:',
    '&#106;avascript:',
    'data:text/html,',
    'vscode://',
    'command:',
    'file:///',
    '//evil/',
    'https://a.b/',
  ],
  ...[
    '<script>',
    '</script>',
    '<img src=x onerror=1>',
    '<svg/onload=1>',
    '<a href="javascript:1">',
    '<style>',
    '<!--',
    '-->',
    '<![CDATA[',
  ],
  ...[
    '](',
    '![',
    '[',
    ')',
    '](<',
    '>)',
    '`',
    '```html\n',
    '|',
    '\n\n',
    '> ',
    '* ',
    '[^1]',
    '[^1]: ',
    '<',
    '&lt;',
    '\0',
    '\\',
    '&#x0;',
    '***',
    '~~',
    'www.a.b',
  ],
];
const TAGS = new Set(
  'a blockquote br code del div em g h1 h2 h3 h4 h5 h6 hr i li ol p pre section span strong sup table tbody td th thead tr ul svg path rect circle line polyline'.split(
    ' ',
  ),
);

export default target({
  inputs: mutated(corpus, words).map((text) => text.slice(0, 20_000)),
  batch: 200,
  async open() {
    const draw = await drawer();
    return {
      run(text) {
        for (const links of [true, false]) {
          const html = draw(text, links);
          for (const [, name = '', attributes = ''] of html.matchAll(
            /<\/?([a-zA-Z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/g,
          )) {
            assert.ok(TAGS.has(name), `<${name}>`);
            for (const [, attribute = '', value = ''] of attributes.matchAll(/([^\s=]+)="([^"]*)"/g)) {
              assert.ok(
                !/^(on|src|style|action|formaction|srcdoc|xlink)/i.test(attribute) ||
                  (attribute === 'style' && /^text-align:\w+$/.test(value)),
                `${attribute}=${value}`,
              );
              if (attribute === 'href') assert.match(value, /^(#|https?:\/\/|mailto:)/i);
            }
          }
        }
      },
    };
  },
});

type Draw = (text: string, links: boolean) => string;
let made: Promise<Draw> | undefined;

/** The component, as the hub's own build makes it, for Node. */
function drawer(): Promise<Draw> {
  made ??= (async () => {
    const folder = join(repository, '.cache', 'fuzz');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `markdown-${process.pid}.mjs`);
    await build({
      stdin: {
        contents: `
          import { createElement as h } from 'react';
          import { renderToStaticMarkup } from 'react-dom/server';
          import { Markdown } from './webview/components/Markdown.tsx';
          import { HubContext } from './webview/stores/hub.ts';
          const hub = { home: { openOutside() {} } };
          export const draw = (text, links) => renderToStaticMarkup(
            h(HubContext.Provider, { value: hub }, h(Markdown, { text, ...(links && { onLink() {} }) })));`,
        resolveDir: repository,
      },
      ...{
        outfile: file,
        bundle: true,
        format: 'esm',
        platform: 'node',
        jsx: 'automatic',
        logLevel: 'error',
        absWorkingDir: repository,
      },
      define: { 'process.env.NODE_ENV': '"production"' },
      banner: { js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);" },
    });
    const { draw } = (await import(pathToFileURL(file).href)) as { draw: Draw };
    rmSync(file);
    return draw;
  })();
  return made;
}
