/** The same specs in the desktop program, for machines that can download it. The profile is as isolated as the other. */
import { Writable } from 'node:stream';
import { runTests, runVSCodeCommand, TestRunFailedError } from '@vscode/test-electron';
import { createDriver, type HostResult, type HostRun } from './driver.ts';
import { createProfile } from './profile.ts';
import { cacheFolder, type ElectronTools, electronVersion } from './tools.ts';

export async function runInElectron({ executable }: ElectronTools, run: HostRun): Promise<HostResult> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) {
    throw new Error('VS Code needs a display: run this under xvfb-run -a, or set OSPAIN2_TEST_VSCODE=code-server');
  }
  const profile = createProfile(run);
  const { folders, env } = profile;
  const place = [`--user-data-dir=${folders.userData}`, `--extensions-dir=${folders.extensions}`];
  let following: NodeJS.Timeout | undefined;
  try {
    const found = { version: electronVersion, cachePath: cacheFolder };
    await runVSCodeCommand([...place, '--install-extension', run.vsix], { ...found, spawn: { env } });
    const driver = await createDriver(folders.root, run);
    following = setInterval(() => void driver.print(), 500);
    // VS Code's own log: what the specs print comes by a file.
    const ignored = new Writable({ write: (_chunk, _encoding, done) => done() });
    const exitCode = await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: driver.folder,
      extensionTestsPath: driver.tests,
      extensionTestsEnv: env,
      launchArgs: [folders.workspace, ...place],
      stdout: ignored,
      stderr: ignored,
    }).catch((error: unknown) => {
      if (error instanceof TestRunFailedError && error.code !== undefined) return error.code;
      throw error;
    });
    clearInterval(following);
    return await driver.result(exitCode);
  } finally {
    clearInterval(following);
    profile.dispose();
  }
}
