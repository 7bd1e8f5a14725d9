import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError } from '../../../../protocol/index.ts';
import { fileNameOf, parseSource } from '../../../../server/models/download/source.ts';

const hf = (parts: object) => ({ kind: 'huggingFace', file: undefined, tag: 'latest', revision: 'main', ...parts });

test('repositories of Hugging Face, as people type and paste them', () => {
  const qwen = { org: 'Qwen', repo: 'Qwen2.5-0.5B-GGUF' };
  const file = { ...qwen, file: 'a/b-Q4_K_M.gguf' };
  const means: [string, object][] = [
    ['hf:Qwen/Qwen2.5-0.5B-GGUF', qwen],
    ['  hf:Qwen/Qwen2.5-0.5B-GGUF\n', qwen],
    ['hf://Qwen/Qwen2.5-0.5B-GGUF', qwen],
    ['hf.co/Qwen/Qwen2.5-0.5B-GGUF:Q4_K_M', { ...qwen, tag: 'Q4_K_M' }],
    ['huggingface:Qwen/Qwen2.5-0.5B-GGUF:Q4_K_M', { ...qwen, tag: 'Q4_K_M' }],
    ['hf:Qwen/Qwen2.5-0.5B-GGUF/a/b-Q4_K_M.gguf', file],
    ['hf:Qwen/Qwen2.5-0.5B-GGUF/a/b-Q4_K_M.gguf@v1.0', { ...file, revision: 'v1.0' }],
    ['hf:Qwen/Qwen2.5-0.5B-GGUF/a/b-Q4_K_M.gguf@refs/pr/7', { ...file, revision: 'refs/pr/7' }],
    ['https://huggingface.co/Qwen/Qwen2.5-0.5B-GGUF', qwen],
    ['https://huggingface.co/Qwen/Qwen2.5-0.5B-GGUF/tree/main', qwen],
    ['https://huggingface.co/Qwen/Qwen2.5-0.5B-GGUF/blob/main/a/b-Q4_K_M.gguf', file],
    [
      'https://huggingface.co/Qwen/Qwen2.5-0.5B-GGUF/resolve/v1/a/b-Q4_K_M.gguf?download=true',
      { ...file, revision: 'v1' },
    ],
  ];
  for (const [text, parts] of means) assert.deepEqual(parseSource(text), hf(parts), text);
});

test('addresses', () => {
  const address = (text: string, options = {}) => {
    const source = parseSource(text, options);
    assert.equal(source.kind, 'url', text);
    return source.kind === 'url' && source.url.href;
  };
  assert.equal(address('https://a.example/b.gguf?x=1#part'), 'https://a.example/b.gguf?x=1');
  assert.equal(address('HTTPS://A.example:8443/b.gguf'), 'https://a.example:8443/b.gguf');
  for (const host of ['localhost:8080', '127.0.0.1', '192.168.1.9', '[fd00::1]', 'nas', 'nas.local'])
    assert.equal(address(`http://${host}/b.gguf`), `http://${host}/b.gguf`);
  assert.equal(address('http://a.example/b.gguf', { plainHttp: true }), 'http://a.example/b.gguf');
  assert.equal(address('https://huggingface.co.evil.example/a/b'), 'https://huggingface.co.evil.example/a/b');
  assert.equal(fileNameOf(new URL('https://a.example/x/my%20model.gguf?y')), 'my model.gguf');
  for (const path of ['', 'a/', '%2e%2e%2fb', '..%5Cb', '%00', 'NUL'])
    assert.equal(fileNameOf(new URL(`https://a.example/${path}`)), 'model', path);
});

test('versions in registries of this network', () => {
  const version = { kind: 'registry', origin: 'http://nas:3100', name: 'qwen', version: 'latest' };
  assert.deepEqual(parseSource('ospain2://nas/qwen'), version);
  assert.deepEqual(parseSource('lan:nas:3100/qwen'), version);
  assert.deepEqual(parseSource('lan:nas:80/qwen@1.0.0-rc.1+b'), {
    ...version,
    origin: 'http://nas',
    version: '1.0.0-rc.1+b',
  });
  assert.deepEqual(parseSource('ospain2://[fd00::1]:5000/qwen@1.2.3'), {
    ...version,
    origin: 'http://[fd00::1]:5000',
    version: '1.2.3',
  });
});

test('what is no source is refused, and never repeated', () => {
  const secret = 'hunter2';
  const refused: [string, RegExp?][] = [
    [''],
    ['qwen'],
    ['file:///etc/passwd'],
    ['ftp://a.example/b'],
    [`https://me:${secret}@a.example/b.gguf`, /a user or a password/],
    [`https://${secret}@huggingface.co/a/b`, /a user or a password/],
    ['http://a.example/b.gguf', /plain http is only for/],
    ['http://8.8.8.8/b.gguf', /plain http is only for/],
    ['http://0.0.0.0/b.gguf', /plain http is only for/],
    ['http://127.0.0.1.nip.io/b.gguf', /plain http is only for/],
    ['https://'],
    ['https://a.example/\u0000'],
    ['https://a.example/a b'],
    ['hf:a/\u202eb'],
    [`https://a.example/${'x'.repeat(2048)}`, /too long/],
    ['hf:'],
    ['hf:repo'],
    ['hf:../repo'],
    ['hf:a/..'],
    ['hf:a/b..c'],
    ['hf:a/b:'],
    ['hf:a/b:Q4:Q5'],
    ['hf:a/b:../../x'],
    ['hf:a/b:Q4/c.gguf', /a file and a quantisation/],
    ['hf:a/b@main', /a revision belongs to a file/],
    ['hf:a/b/c.gguf@'],
    ['hf:a/b/c.gguf@../x'],
    ['hf:a/b/c.gguf@a@b'],
    ['hf:a/b/../c.gguf'],
    ['hf:a/b//c.gguf'],
    ['hf:a/b/c\\d.gguf'],
    ['hf:a/b/C:d.gguf'],
    ['hf:a?x/b'],
    ['https://huggingface.co/a/b/resolve/main/..%2f..%2fc.gguf'],
    ['https://huggingface.co/a/b/resolve/main/%E0%A4%A'],
    ['ospain2://nas'],
    ['ospain2:///qwen'],
    ['ospain2://nas/'],
    ['ospain2://nas/../x'],
    ['ospain2://nas/a/b'],
    ['ospain2://nas/qwen@1/2'],
    ['ospain2://nas/qwen@..'],
    ['ospain2://nas?x/qwen'],
    [`lan:me:${secret}@nas/qwen`, /a user or a password/],
    ['lan:nas:99999/qwen'],
    ['lan:registry.example/qwen', /plain http is only for/],
  ];
  for (const [text, why = /./] of refused)
    assert.throws(
      () => parseSource(text),
      (error) => {
        assert.ok(error instanceof OspainError, text);
        assert.equal(error.code, 'invalid_params', text);
        assert.match(error.message, why, text);
        assert.ok(error.hint);
        assert.doesNotMatch(JSON.stringify(error.toWire()), new RegExp(secret));
        return true;
      },
      JSON.stringify(text),
    );
});
