import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

describe('activation', () => {
  it('is timed', async () => {
    const extension = vscode.extensions.getExtension('ospain2.ospain2');
    if (extension === undefined) throw new Error('the extension is not installed');
    const start = performance.now();
    await extension.activate();
    writeFileSync(process.env['OSPAIN2_BENCH_OUT'] ?? '', String(performance.now() - start));
  });
});
