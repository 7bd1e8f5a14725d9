import { against, median, type Report, round } from '../../../scripts/measure.ts';
import { hostName, targetNamed } from '../../../scripts/packaging/target.ts';
import { packageVsix } from '../../../scripts/packaging/vsix.ts';
import { sampleWorkspace } from '../../support/temp.ts';
import { openWindow } from '../../support/vscode/window.ts';
import { firstPaint } from './paint.ts';

const ROUNDS = 5;

/**
 * Milliseconds from the command in a real VS Code until the hub has painted: VS Code makes the webview, which is its own work,
 * and the hub loads in it. The first time, the server and VS Code's part of webviews start with it.
 */
export async function measurePanel(report: Report): Promise<void> {
  using workspace = sampleWorkspace();
  const { file: vsix } = await packageVsix(targetNamed(hostName));
  const window = await openWindow({ vsix, workspace: workspace.path });
  try {
    const whole: number[] = [];
    const own: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      await window.palette('OSPAiN2: Open Hub');
      const asked = Date.now();
      const frame = window.webview().locator('body');
      await window.webview().getByRole('navigation', { name: 'Pages' }).waitFor();
      const [start, paint] = [
        (await frame.evaluate('performance.timeOrigin')) as number,
        (await frame.evaluate(firstPaint)) as number,
      ];
      whole.push(start + paint - asked);
      own.push(paint);
      await window.palette('View: Close Editor');
      await frame.waitFor({ state: 'detached' });
    }
    const [first = Number.NaN, ...later] = whole;
    report({ measure: 'first paint in VS Code, with the first webview of a window', value: round(first), unit: 'ms' });
    report({
      measure: 'first paint in VS Code',
      value: round(median(later)),
      unit: 'ms',
      ...against('<= 1000', median(later)),
    });
    report({ measure: 'first paint in VS Code, from when its webview loads', value: round(median(own)), unit: 'ms' });
  } finally {
    await window.dispose();
  }
}
