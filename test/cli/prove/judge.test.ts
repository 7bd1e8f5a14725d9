import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Evidence, judge } from '../../../cli/prove/judge.ts';

const searched = { files: 3, bytes: 2000, found: [] };
const good: Evidence = {
  walls: { wrap: [], namespace: true, traced: true },
  seen: {
    deeds: ['ask'],
    failed: [],
    searched,
    refused: [],
    recorded: 0,
    chains: [{ log: 'user', entries: 4, broken: null }],
    entries: [{ type: 'file.written', expected: 1, found: 1 }],
    permissions: { files: 1, folders: 1, open: [] },
    processes: { examined: 2, leaks: [] },
  },
  searchedAfter: searched,
  traced: { calls: 9, processes: 2, attempts: [] },
};
const verdicts = (evidence: Evidence) => Object.fromEntries(judge(evidence).map(({ name, ok }) => [name, ok]));
const allGood = { work: true, connections: true, plaintext: true, audit: true, permissions: true, processes: true };
const seen = (more: Partial<Evidence['seen']>): Evidence => ({ ...good, seen: { ...good.seen, ...more } });

it('holds every promise when nothing speaks against one', () => {
  assert.deepEqual(verdicts(good), allGood);
});

it('proves nothing by what was not looked at', () => {
  assert.equal(verdicts({ ...good, traced: { calls: 0, processes: 0, attempts: [] } })['connections'], false);
  assert.equal(verdicts(seen({ searched: { ...searched, files: 0 } }))['plaintext'], false);
  assert.equal(verdicts(seen({ chains: [] }))['audit'], false);
  const { permissions, processes } = verdicts(seen({ permissions: null, processes: null }));
  assert.deepEqual([permissions, processes], [null, null]);
});

it('fails the promise that is broken, and says how', () => {
  const cases: [Evidence, string, RegExp][] = [
    [seen({ failed: ['note: no room'] }), 'work', /no room/],
    [seen({ refused: ['the server: net.connect a:1'] }), 'connections', /refused by the guard.*a:1/],
    [seen({ recorded: 1 }), 'connections', /1 on record/],
    [
      { ...good, traced: { calls: 1, processes: 1, attempts: [{ pid: 7, call: 'connect', address: '{x}' }] } },
      'connections',
      /process 7 called connect \{x\}/,
    ],
    [seen({ searched: { ...searched, found: [{ path: '/a', what: 'note, UTF-8' }] } }), 'plaintext', /^\/a holds/],
    [
      seen({ chains: [{ log: 'user', entries: 4, broken: { number: 3, what: 'missing' } }] }),
      'audit',
      /^the user's log: Entry 3 is missing/,
    ],
    [seen({ entries: [{ type: 'file.written', expected: 2, found: 1 }] }), 'audit', /^file\.written is there 1 times/],
    [seen({ permissions: { files: 1, folders: 1, open: [{ path: '/a', mode: '644' }] } }), 'permissions', /644/],
    [seen({ processes: { examined: 1, leaks: ['token in the arguments of process 7'] } }), 'processes', /token/],
  ];
  for (const [evidence, name, says] of cases) {
    assert.deepEqual(verdicts(evidence), { ...allGood, [name]: false });
    assert.match(judge(evidence).flatMap(({ problems }) => problems)[0] ?? '', says);
  }
});

it('says what it could not have', () => {
  const walls = { wrap: [], namespace: false, traced: false };
  const examined = judge({ ...good, walls, traced: null }).find(({ name }) => name === 'connections')?.examined;
  assert.match(examined ?? '', /no strace works here; with the network of this machine/);
});
