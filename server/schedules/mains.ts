import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Probe } from './conditions.ts';

export interface MainsDeps {
  platform?: NodeJS.Platform;
  /** What the Linux kernel says of power supplies, a folder each. */
  folder?: string;
  /** Runs a program and resolves with its standard output. */
  ask?: (program: string, args: readonly string[]) => Promise<string>;
}

/** A system that says nothing, as one without a battery, counts as one on mains power. */
export function createMainsProbe(deps: MainsDeps = {}): Probe {
  const { platform = process.platform, folder = '/sys/class/power_supply', ask = askProgram } = deps;
  if (platform === 'linux') return () => linuxMains(folder);
  if (platform === 'darwin') return async () => !(await ask('pmset', ['-g', 'batt'])).includes("'Battery Power'");
  if (platform === 'win32') return () => windowsMains(ask);
  return () => true;
}

/** Sources: Documentation/ABI/testing/sysfs-class-power of the Linux kernel. */
async function linuxMains(folder: string): Promise<boolean> {
  const fact = async (supply: string, name: string) =>
    (await readFile(join(folder, supply, name), 'utf8').catch(() => '')).trim();
  let onBattery = false;
  for (const supply of await readdir(folder)) {
    const [type, scope] = [await fact(supply, 'type'), await fact(supply, 'scope')];
    // The battery of a mouse says nothing about the machine.
    if (scope === 'Device') continue;
    if (type !== 'Battery' && type !== 'UPS') {
      const online = await fact(supply, 'online');
      if (online !== '' && online !== '0') return true;
    } else if ((await fact(supply, 'status')) === 'Discharging') onBattery = true;
  }
  return !onBattery;
}

/** `BatteryStatus` 1 is discharging. Source: Win32_Battery in the CIM classes of Windows. */
async function windowsMains(ask: NonNullable<MainsDeps['ask']>): Promise<boolean> {
  const command = '(Get-CimInstance -ClassName Win32_Battery).BatteryStatus';
  const answer = await ask('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', command]);
  const states = answer.split(/\s+/).filter((state) => state !== '');
  return states.length === 0 || states.some((state) => state !== '1');
}

const run = promisify(execFile);

const askProgram = async (program: string, args: readonly string[]): Promise<string> =>
  (await run(program, [...args], { timeout: 10_000, windowsHide: true })).stdout;
