import { ensureBuilt } from '../../scripts/build.ts';
import type { Report } from '../../scripts/measure.ts';
import { measureActivation } from './startup/activation.ts';
import { measureFirstRequest } from './startup/firstRequest.ts';
import { measureQueue } from './startup/queueRate.ts';
import { measureServer } from './startup/serverStart.ts';
import { measureTokens } from './startup/tokenRate.ts';

/** From nothing to the first token, and how much of the machine arrives at the person. */
export default async function startup(report: Report): Promise<void> {
  await ensureBuilt();
  await measureFirstRequest(report);
  await measureServer(report);
  await measureQueue(report);
  await measureTokens(report);
  await measureActivation(report);
}
