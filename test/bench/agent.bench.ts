import { against, type Report, round } from '../../scripts/measure.ts';
import { createRunCommand } from '../../server/agents/tools/runCommand.ts';
import { createSearchCode } from '../../server/agents/tools/searchCode.ts';
import { createCommands } from '../../server/commands/commands.ts';
import { runEditSuite } from '../server/agents/editSuite.ts';
import { openWorkbench, scripted } from '../server/agents/workbench.ts';

const INSTRUCTION = 'Set RETRY_MAX to 5 in src/limits.ts';
const MOST = 4000;

/**
 * Bytes that others send before their model can act on an instruction of one line, measured at a loopback endpoint in
 * November 2026: what they say of themselves and of their tools. It is evaluated before the first word comes.
 */
const PEERS = {
  'codex 0.169': 39_459,
  'qwen-code 0.24': 62_282,
  'opencode 1.18': 30_727,
  'cline 3.0': 21_766,
  'continue cli 1.5': 6020,
} as const;

/** What an agent task says to a model before the model can act, and how many of the edits that it may then write are put in. */
export default async function agent(report: Report): Promise<void> {
  const { results, rate } = await runEditSuite();
  const wrong = results.filter(({ became }) => became === 'wrong').length;
  report({
    measure: `edits applied, of those that are clear (${results.length} cases)`,
    value: round(100 * rate),
    unit: '%',
  });
  report({ measure: 'edits in a wrong place', value: wrong, unit: 'edits', ...against('<= 0', wrong) });
  // What the core has besides the tools of the workspace itself; nothing of it is called.
  const commands = createCommands({
    ...{ root: process.cwd(), hidden: [], readable: [], shell: 'powershell', timeoutMs: 1000, now: Date.now },
    limits: { memory: 1e9, scratch: 1e9, processes: 100 },
  });
  const also = [createRunCommand({ audit() {}, commands, root: process.cwd() }), createSearchCode(async () => [])];
  for (const profile of ['full', 'small', 'tiny'] as const) {
    await using at = await openWorkbench({ 'src/limits.ts': 'export const RETRY_MAX = 3;\n' }, { also });
    const engine = scripted(['{"tool":"finish","outcome":"failed"}\nEnough.'], profile);
    await at.run(engine, { instruction: INSTRUCTION });
    const [first] = engine.heard;
    const bytes = Buffer.byteLength([first?.system ?? '', ...(first?.turns ?? []).map(({ text }) => text)].join(''));
    report({
      measure: `first request, profile ${profile}`,
      value: bytes,
      unit: 'bytes',
      ...against(`<= ${MOST}`, bytes),
    });
    if (profile !== 'full') continue;
    for (const [peer, theirs] of Object.entries(PEERS))
      report({
        measure: `first request, ${peer}`,
        value: theirs,
        unit: 'bytes',
        vs: 'profile full',
        ratio: round(theirs / bytes),
      });
  }
}
