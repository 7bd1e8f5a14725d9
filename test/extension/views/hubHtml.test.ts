import { equal, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { hubHtml } from '../../../extension/views/hubHtml.ts';

it('lets a webview load the files of the page, and nothing else', () => {
  const page = readFileSync(new URL('../../../webview/index.html', import.meta.url), 'utf8');
  const html = hubHtml(page, { base: 'https://w/x', source: 'https://*.w', nonce: 'abc', language: 'de"><script>' });
  match(html, /<html lang="descript">/);
  match(html, /src="https:\/\/w\/x\/assets\/main\.js"/);
  match(html, /href="https:\/\/w\/x\/assets\/hub\.css"/);
  match(html, /default-src 'none'; script-src 'nonce-abc'; style-src https:\/\/\*\.w;/);
  ok(!/unsafe|eval/.test(html), html);
  equal(html.includes('"./'), false);
});
