import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { nativeKind } from '../../../scripts/packaging/nativeFile.ts';
import { checkIntegrity } from '../../../scripts/windows/node.ts';
import { makeSetup } from '../../../scripts/windows/setupProgram.ts';
import { checkSignature, sign } from '../../../scripts/windows/sign.ts';
import { installNsis } from '../../support/installPackages.ts';
import { tempFolder } from '../../support/temp.ts';

const run = promisify(execFile);

/** A certificate of the test's own, as a PKCS#12 file. */
async function certificate(folder: string): Promise<NodeJS.ProcessEnv> {
  const at = (name: string) => join(folder, name);
  const names = ['-subj', '/CN=OSPAiN2 Test', '-addext', 'extendedKeyUsage=codeSigning'];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...names,
    '-keyout',
    at('key'),
    '-out',
    at('cert'),
  ]);
  await run('openssl', [
    'pkcs12',
    '-export',
    '-inkey',
    at('key'),
    '-in',
    at('cert'),
    '-out',
    at('both.p12'),
    '-passout',
    'pass:ö "x"',
  ]);
  return { ...process.env, OSPAIN2_SIGN_CERTIFICATE: at('both.p12'), OSPAIN2_SIGN_PASSWORD: 'ö "x"' };
}

describe('Setup.exe', { skip: process.platform !== 'linux' && 'NSIS comes from apt here', timeout: 300_000 }, () => {
  before(installNsis);

  it('is compiled without a warning, for Windows on x64, with its uninstaller signed', async () => {
    using temp = tempFolder('setup');
    const app = join(temp.path, 'app');
    mkdirSync(join(app, 'dist'), { recursive: true });
    writeFileSync(join(app, 'dist', 'cli.js'), '');
    writeFileSync(join(app, 'Ünicode $x 工具.txt'), 'x');
    const [program, licence, out] = [
      join(temp.path, 'node.exe'),
      join(temp.path, 'LICENSE'),
      join(temp.path, 'OSPAiN2-Setup.exe'),
    ];
    for (const file of [program, licence]) writeFileSync(file, 'x');
    const env = await certificate(temp.path);
    await makeSetup({
      version: '1.2.3-beta',
      app,
      node: { program, licence },
      quick: true,
      parts: join(temp.path, 'parts'),
      out,
      // As on a machine whose names of files are ASCII.
      env: { ...env, LC_ALL: 'C' },
    });
    assert.deepEqual(nativeKind(readFileSync(out).subarray(0, 4096)), { os: 'win32', cpu: 'x64' });
    await checkSignature(out, 'OSPAiN2 Test');
    await checkSignature(join(temp.path, 'parts', 'ospain2w.exe'), 'OSPAiN2 Test');
    const trusted = ['verify', '-CAfile', join(temp.path, 'cert'), '-in', out];
    assert.match((await run('osslsigncode', trusted)).stdout, /Succeeded/);

    const changed = readFileSync(out);
    const at = changed.length >> 1;
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(out, changed);
    await assert.rejects(checkSignature(out, 'OSPAiN2 Test'), /is not as OSPAiN2 Test signed it/);
    await assert.rejects(run('osslsigncode', trusted));
  });

  it('says why it cannot be made', async () => {
    using temp = tempFolder('setup');
    const file = join(temp.path, 'x');
    writeFileSync(file, '');
    const options = {
      version: '1.2.3',
      app: temp.path,
      node: { program: join(temp.path, 'missing'), licence: file },
      quick: true,
    };
    const where = { parts: join(temp.path, 'parts'), out: join(temp.path, 'OSPAiN2-Setup.exe') };
    await assert.rejects(makeSetup({ ...options, ...where }), /missing/);
    const nowhere = { ...process.env, PATH: temp.path };
    await assert.rejects(makeSetup({ ...options, ...where, env: nowhere }), /makensis is missing: install NSIS/);
  });

  it('is not signed without a certificate, nor by somebody else', async () => {
    using temp = tempFolder('sign');
    assert.equal(await sign('/nowhere', {}), false);
    const env = await certificate(temp.path);
    await assert.rejects(sign(join(temp.path, 'missing.exe'), env));
    const unsigned = join(temp.path, 'unsigned.exe');
    cpSync(process.execPath, unsigned);
    await assert.rejects(checkSignature(unsigned, 'OpenJS Foundation'), /is not as OpenJS Foundation signed it/);
  });
});

it('takes a Node only by the hash that is written down', () => {
  const bytes = Buffer.from('node');
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  checkIntegrity(bytes, integrity);
  assert.throws(() => checkIntegrity(Buffer.from('mode'), integrity), /has the hash sha512-.* instead of sha512-/);
});
