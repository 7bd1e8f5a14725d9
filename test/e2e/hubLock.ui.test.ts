import { equal, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openHub } from '../support/hub/hub.ts';

const PASSPHRASE = 'four words and a number 7';

describe('the hub of a server that is locked', { timeout: 300_000 }, () => {
  it('shows nothing but that, and everything again when it is unlocked', async () => {
    await using hub = await openHub();
    const { page, client } = hub;
    page.setDefaultTimeout(20_000);
    const title = page.getByRole('heading', { name: 'OSPAiN2 is locked' });
    const secret = page.getByText('a secret wish').first();
    await client.request('keys/setPassphrase', { passphrase: PASSPHRASE });
    await client.request('task/submit', { kind: 'ask', instruction: 'a secret wish' });
    await page.goto(await hub.link());
    await hub.go('tasks');
    await secret.waitFor();
    await client.request('keys/lock', {});
    await title.waitFor();
    equal(await page.getByText('a secret wish').count(), 0, 'nothing of it stays on the page');
    await hub.look('locked');
    // Who comes while it is locked sees the same.
    await page.reload();
    await title.waitFor();
    await client.request('keys/unlock', { passphrase: PASSPHRASE });
    await secret.waitFor();
    ok(!(await title.isVisible()));
  });
});
