import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { OspainError } from '../../protocol/index.ts';

/** What the system starts when the person logs in: `ospain2 serve` of one workspace. */
export interface Service {
  /** Names it for the system; the same for one folder, however it was reached. */
  readonly id: string;
  readonly workspace: string;
  /** A program and its arguments. */
  readonly command: readonly string[];
  /** What the program finds in its environment besides that of the system. */
  readonly env: Readonly<Record<string, string>>;
}

/** A service as the system has it written down. */
export type Written = Pick<Service, 'id' | 'workspace'> & {
  /** The file, or the value of the registry. */
  readonly where: string;
};

/** The way of one system to start things at log-in. */
export interface ServiceManager {
  readonly name: 'systemd' | 'launchd' | 'registry';
  /** Writes it down; `changed` is false where exactly this was there. */
  install(service: Service): Promise<{ where: string; changed: boolean }>;
  /** Starts it now; false where nobody is there to start it before the next log-in. */
  start(service: Service): Promise<boolean>;
  /** Ends it, as far as the system itself watches over it, and forgets it. */
  remove(written: Written): Promise<void>;
  list(): Promise<Written[]>;
  /** What of the environment is not handed on, for the person to know. */
  readonly forgets: readonly string[];
}

export function serviceId(workspace: string): string {
  return createHash('sha256').update(realPath(workspace)).digest('hex').slice(0, 16);
}

function realPath(workspace: string): string {
  try {
    return realpathSync.native(workspace).normalize('NFC');
  } catch {
    return resolve(workspace).normalize('NFC');
  }
}

/** Files of services are made of lines, and no system has paths with such characters that would be worth the care. */
export function assertWritable(service: Service): void {
  const texts = [service.workspace, ...service.command, ...Object.values(service.env)];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (!texts.some((text) => /[\u0000-\u001f\u007f]/.test(text))) return;
  throw new OspainError(
    'invalid_params',
    'A path with a line break or another control character cannot be a service.',
    {
      hint: 'Rename the folder.',
    },
  );
}
