import assert, { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { axe } from '../support/hub/axe.ts';
import { walkHorizonPath } from '../support/hub/horizonPath.ts';
import { openHub } from '../support/hub/hub.ts';
import { sampleWorkspace } from '../support/temp.ts';
import { takeScreenshot } from '../support/vscode/screenshot.ts';
import { openWindow } from '../support/vscode/window.ts';

const limitsOf = (workspace: string): string => readFileSync(join(workspace, 'src', 'limits.ts'), 'utf8');

/** The whole path against the real server and the model that ships, in both homes of the hub. */
test('a note becomes a change and is done, in a browser', { timeout: 300_000 }, async () => {
  await using hub = await openHub();
  await walkHorizonPath({
    hub: hub.page,
    async look(name) {
      await takeScreenshot(hub.page, `hub-${name}`);
      deepEqual(await axe(hub.page), [], name);
    },
  });
  assert.match(limitsOf(hub.workspace), /RETRY_MAX = 5/);
  const { items } = await hub.client.request('item/list', {});
  equal(items.length, 1);
  const { note, text, tags } = await hub.client.request('note/show', { note: items[0]?.noteId ?? '' });
  assert.match(note.path, /^daily\/\d{4}-\d{2}-\d{2}\.md$/);
  deepEqual(tags, ['bug']);
  assert.match(
    text,
    /^---\ntags: \[bug\]\n---\n# .*\n\nThe crash of the parser is back\.\n\n- \[x\] Set RETRY_MAX to 5 in src\/limits\.ts \^\w+$/,
  );
  deepEqual(hub.complaints, []);
});

test('and in VS Code', { timeout: 420_000 }, async () => {
  const vsix = process.env['OSPAIN2_TEST_VSIX'];
  assert.ok(vsix !== undefined, 'OSPAIN2_TEST_VSIX names the packaged extension');
  using workspace = sampleWorkspace();
  const window = await openWindow({ vsix, workspace: workspace.path });
  try {
    await window.palette('OSPAiN2: Open Hub');
    await walkHorizonPath({
      hub: window.webview(),
      look: async (name) => void (await window.screenshot(`vscode-${name}`)),
    });
    assert.match(limitsOf(workspace.path), /RETRY_MAX = 5/);
  } finally {
    await window.dispose();
  }
});
