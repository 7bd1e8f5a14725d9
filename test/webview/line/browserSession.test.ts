import assert from 'node:assert/strict';
import { it } from 'node:test';
import { entryFragment, PROOF_HEADER } from '../../../protocol/hub.ts';
import { createBrowserSession } from '../../../webview/line/browserSession.ts';

const [HERE, THERE] = ['0123456789abcdef', 'fedcba9876543210'];
const [one, other] = ['a'.repeat(43), 'b'.repeat(43)];

/** A page at an address, over a server that serves one workspace and knows some proofs. */
function visit({ hash = '', kept = new Map<string, string>(), serves = HERE, knows = [one, other] } = {}) {
  const asked: string[] = [];
  const forgotten: true[] = [];
  const others: true[] = [];
  const session = createBrowserSession({
    location: { hash, href: `http://127.0.0.1:3100/hub/${hash}` },
    memory: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    async fetch(input, init) {
      const proof = new Headers(init?.headers).get(PROOF_HEADER) ?? '';
      asked.push(`${init?.method} ${new URL(String(input)).pathname} ${proof.slice(0, 1)}`);
      return Response.json({ workspace: serves, expiresAt: knows.includes(proof) ? 1e12 : null });
    },
    forgetFragment: () => void forgotten.push(true),
    onOtherWorkspace: () => void others.push(true),
  });
  return { session, asked, forgotten, others, kept };
}

it('takes the proof out of the address to which a link led, and keeps it for the next visit', async () => {
  const { session, forgotten, kept, asked } = visit({ hash: `#${entryFragment(HERE, one)}` });
  assert.equal(forgotten.length, 1);
  assert.equal((await session.look()).expiresAt, 1e12);
  assert.deepEqual(asked, ['GET /hub/session a']);
  const next = visit({ kept });
  assert.deepEqual([next.session.workspace, next.session.proof, next.forgotten.length], [HERE, one, 0]);
});

it('has a proof for each workspace that is served at its address', async () => {
  const { kept } = visit({ hash: `#${entryFragment(HERE, one)}` });
  visit({ kept, hash: `#${entryFragment(THERE, other)}` });
  const { session, asked, others } = visit({ kept, serves: HERE });
  const seen: unknown[] = [];
  session.onLook(({ workspace }) => seen.push(workspace));
  assert.equal(session.workspace, THERE);
  await session.look();
  assert.deepEqual([session.workspace, session.proof], [HERE, one]);
  assert.deepEqual(asked, ['GET /hub/session b', 'GET /hub/session a']);
  assert.deepEqual([others.length, seen], [1, [HERE]]);
  session.onLook(({ workspace }) => seen.push(workspace));
  assert.equal(seen.length, 2, 'who comes later hears the last');
});

it('takes no other fragment for a login', () => {
  for (const hash of ['', '#/tasks/4', '#entered=x.y', `#entered=${HERE}.${one}x`, `#x&${entryFragment(HERE, one)}`]) {
    const { session, forgotten } = visit({ hash });
    assert.deepEqual([session.workspace, session.proof, forgotten.length], [undefined, '', 0], hash);
  }
});

it('forgets its proof when it leaves, also when the server could not be told', async () => {
  const { session, kept, asked } = visit({ hash: `#${entryFragment(HERE, one)}` });
  await session.leave();
  assert.deepEqual([session.proof, asked], ['', ['POST /hub/leave a']]);
  const untold = createBrowserSession({
    location: { hash: `#${entryFragment(HERE, other)}`, href: 'http://127.0.0.1:3100/hub/' },
    memory: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    fetch: async () => new Response(null, { status: 403 }),
    forgetFragment() {},
    onOtherWorkspace() {},
  });
  await assert.rejects(untold.leave(), /403/);
  assert.equal(untold.proof, '');
});
