/** The one time that packages carry, so that the same sources give the same bytes. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { repository } from '../paths.ts';

/** 1980-01-02: sources without a history get it; a ZIP file cannot say anything before 1980. */
const NO_HISTORY = 315_619_200;

/** Seconds since 1970, as in the specification of SOURCE_DATE_EPOCH: what the variable says, or when the commit was made. */
export async function sourceEpoch(env: NodeJS.ProcessEnv = process.env, folder: string = repository): Promise<number> {
  const { SOURCE_DATE_EPOCH: said } = env;
  if (said !== undefined && said !== '') {
    if (!/^\d{9,10}$/.test(said)) throw new Error(`SOURCE_DATE_EPOCH is seconds since 1970, and not '${said}'`);
    return Number(said);
  }
  try {
    const { stdout } = await promisify(execFile)('git', ['log', '-1', '--format=%ct'], { cwd: folder });
    return Number(stdout.trim()) || NO_HISTORY;
  } catch {
    return NO_HISTORY;
  }
}
