import assert, { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { axe } from '../support/hub/axe.ts';
import { walkHorizonPath } from '../support/hub/horizonPath.ts';
import { openHub } from '../support/hub/hub.ts';
import { takeScreenshot } from '../support/vscode/screenshot.ts';

const limitsOf = (workspace: string): string => readFileSync(join(workspace, 'src', 'limits.ts'), 'utf8');

/** The whole path against the real server and the model that ships. */
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
