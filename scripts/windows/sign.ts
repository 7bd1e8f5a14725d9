/**
 * Authenticode by osslsigncode, where the environment has a certificate:
 *   OSPAIN2_SIGN_CERTIFICATE   a PKCS#12 file with the certificate and its key
 *   OSPAIN2_SIGN_PASSWORD      its password
 *   OSPAIN2_SIGN_TIMESTAMP     address of a timestamp server (RFC 3161); without it a signature ends with its certificate
 * As a program, which NSIS calls for the uninstaller: sign.ts FILE
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const signs = (env: NodeJS.ProcessEnv): boolean => Boolean(env.OSPAIN2_SIGN_CERTIFICATE);

/** Signs a program in its place; false where there is no certificate. */
export async function sign(file: string, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const { OSPAIN2_SIGN_CERTIFICATE: certificate, OSPAIN2_SIGN_PASSWORD: password = '' } = env;
  if (!certificate) return false;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sign-'));
  try {
    // In a file: arguments can be read by every user of the machine.
    const secret = path.join(folder, 'password');
    await writeFile(secret, password, { mode: 0o600 });
    const timestamp = env.OSPAIN2_SIGN_TIMESTAMP ? ['-ts', env.OSPAIN2_SIGN_TIMESTAMP] : [];
    const names = ['-n', 'OSPAiN2', '-h', 'sha256', ...timestamp];
    const signed = path.join(path.dirname(file), `${path.basename(file)}.signed`);
    await run('osslsigncode', [
      'sign',
      '-pkcs12',
      certificate,
      '-readpass',
      secret,
      ...names,
      '-in',
      file,
      '-out',
      signed,
    ]);
    await rename(signed, file);
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Throws unless the file is as its signer signed it. Whether the signer is to be trusted is not asked: Microsoft's roots are not on
 * other systems. Without osslsigncode nothing is checked, and that is said.
 */
export async function checkSignature(file: string, signer: string): Promise<void> {
  const output = await run('osslsigncode', ['verify', '-in', file], { maxBuffer: 1 << 24 }).then(
    ({ stdout }) => stdout,
    (thrown: NodeJS.ErrnoException & { stdout?: string }) => {
      if (thrown.code === 'ENOENT') return undefined;
      return thrown.stdout ?? '';
    },
  );
  if (output === undefined) {
    process.stderr.write(`> osslsigncode is not installed: the signature of ${path.basename(file)} is not checked\n`);
    return;
  }
  const digest = (which: string) => new RegExp(`${which} message digest\\s*: ([0-9A-F]+)`).exec(output)?.[1];
  const [said, found] = [digest('Current'), digest('Calculated')];
  if (said === undefined || said !== found || !output.includes(`CN=${signer}`))
    throw new Error(`${path.basename(file)} is not as ${signer} signed it`);
}

if (import.meta.main) await sign(process.argv[2] ?? '');
