import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hubHtml } from '../../extension/views/hubHtml.ts';
import { hubPolicy, POLICY_OF_TEXT } from '../../server/transports/api/hub/policy.ts';

/* What VS Code and browsers load of us has no way to another machine, and asks for nothing there. */

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const read = (file: string) => readFileSync(`${dist}${file}`, 'utf8');

/** Modules of Node through which a program reaches others. */
const NETWORK = /^(?:node:)?(?:net|tls|dgram|dns(?:\/promises)?|https?|http2|inspector|worker_threads)$/;

it('the extension has no module of Node that connects, and calls nothing that does', () => {
  for (const file of ['extension.cjs', 'languageClient.cjs']) {
    const text = read(file);
    const modules = [...text.matchAll(/\b(?:require|import)\(["'`]([\w:/]+)["'`]\)/g)].map(([, name = '']) => name);
    assert.ok(
      modules.some((name) => isBuiltin(name)),
      `${file}: the modules that it has are found`,
    );
    assert.deepEqual(
      modules.filter((name) => NETWORK.test(name)),
      [],
      file,
    );
    const calls = text.match(
      /(?<![\w.$#])(?:fetch|WebSocket|XMLHttpRequest|EventSource)\s*\(|sendBeacon|createTelemetryLogger/g,
    );
    assert.equal(calls, null, file);
  }
});

it('the page of the hub, its styles and its programs are all its own', () => {
  const page = read('hub/index.html');
  const linked = [...page.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address = '']) => address);
  assert.ok(linked.length > 2);
  assert.deepEqual(
    linked.filter((address) => !/^(?:\.\/|data:)/.test(address)),
    [],
  );
  const styles = globSync('hub/**/*.css', { cwd: dist });
  assert.ok(styles.length > 0);
  for (const file of styles)
    assert.deepEqual(
      [...read(file).matchAll(/url\(\s*["']?(?:[a-z]+:)?\/\/[^)]*|@import[^;]*/gi)].map(String),
      [],
      file,
    );
  const programs = globSync('hub/**/*.js', { cwd: dist });
  assert.ok(programs.length > 5);
  for (const file of programs) {
    const calls = read(file).match(
      /\b(?:fetch|WebSocket|EventSource|importScripts|import)\(\s*["'`](?:https?:|wss?:)?\/\/.{40}/g,
    );
    assert.equal(calls, null, file);
  }
});

it('no policy of a page lets it ask another machine', () => {
  const inVsCode = /content="([^"]*)"/.exec(
    hubHtml('<html lang="en"><head></head></html>', {
      base: 'x',
      source: 'vscode-resource:',
      nonce: 'n',
      language: 'de',
    }),
  )?.[1];
  const policies = [POLICY_OF_TEXT, hubPolicy('127.0.0.1:3100', 'n'), inVsCode ?? ''];
  for (const policy of policies) {
    const directives = new Map(
      policy.split(';').map((part) => {
        const [name = '', ...sources] = part.trim().split(/\s+/);
        return [name, sources] as const;
      }),
    );
    assert.deepEqual(directives.get('default-src'), ["'none'"], policy);
    const sources = [...directives.values()].flat();
    const own = /^'(?:none|self|nonce-n)'$|^data:$|^ws:\/\/127\.0\.0\.1:3100$|^vscode-resource:$/;
    assert.deepEqual(
      sources.filter((source) => !own.test(source)),
      [],
      policy,
    );
  }
  assert.match(policies[2] ?? '', /script-src 'nonce-n'/);
  assert.doesNotMatch(policies[2] ?? '', /connect-src/);
});
