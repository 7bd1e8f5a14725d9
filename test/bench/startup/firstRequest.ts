import { against, type Report } from '../../../scripts/measure.ts';
import { renderCall } from '../../../server/agents/format.ts';
import { openWorkbench, scripted } from '../../server/agents/workbench.ts';

/** What an agent task sends before the model can act, with a one-line instruction; taken where the engine gets it. */
export async function measureFirstRequest(report: Report): Promise<void> {
  await using workbench = await openWorkbench({ 'src/limits.ts': 'export const RETRY_MAX = 3;\n' });
  const engine = scripted([renderCall({ tool: 'finish', outcome: 'done', body: 'Nothing to do.' })]);
  await workbench.run(engine, { instruction: 'Set RETRY_MAX to 5 in src/limits.ts.' });
  const [first] = engine.heard;
  if (first === undefined) throw new Error('the engine was not asked');
  const bytes = Buffer.byteLength([first.system, ...first.turns.map(({ text }) => text)].join(''));
  report({ measure: 'first request of an agent task', value: bytes, unit: 'bytes', ...against('<= 4000', bytes) });
}
