import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Imports of the addons for the keyring and for llama.cpp, as `objdump -p` lists them; Node does not bring them. */
const LIBRARIES = ['vcruntime140.dll', 'vcruntime140_1.dll', 'msvcp140.dll'];

export const VISUAL_C_HINT =
  'Install the Microsoft Visual C++ Redistributable 2015-2022, then try again: https://aka.ms/vs/17/release/vc_redist.x64.exe (vc_redist.arm64.exe on ARM).';

/** What of Microsoft's Visual C++ runtime Windows lacks; elsewhere it is nothing. */
export function missingVisualC(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string[] {
  if (platform !== 'win32') return [];
  const system = join(env['SystemRoot'] || env['windir'] || 'C:\\Windows', 'System32');
  return LIBRARIES.filter((name) => !existsSync(join(system, name)));
}

/** One sentence for the person, where it is missing: much goes on without it. */
export function visualCWarning(env: NodeJS.ProcessEnv, platform?: NodeJS.Platform): string | undefined {
  const missing = missingVisualC(env, platform);
  if (missing.length === 0) return undefined;
  return `The Visual C++ runtime is missing (${missing.join(', ')}), so models do not run and keys are kept in files. ${VISUAL_C_HINT}`;
}
