import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { MAX_NOTE, methods, NoteConflict, OspainError } from '../../../protocol/index.ts';
import { hasCode, openWorkspace, START } from './fixture.ts';

const MINUTE = 60_000;

/** What a conflict says stands there. */
function conflictOf(run: () => unknown): NoteConflict {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof OspainError && thrown.code === 'conflict') return NoteConflict.parse(thrown.details);
    throw thrown;
  }
  throw new Error('there was no conflict');
}

describe('notes', { timeout: 60_000 }, () => {
  it('are saved, shown and told', async () => {
    using workspace = openWorkspace();
    const { notes, told } = await workspace.server();
    const text =
      '---\ntags: [work]\naliases: [One]\n---\n# First\n\n- [ ] do #now\n- [x] done\n\n[[second|s]] [[none]]\n';
    const note = notes.save({ path: 'a/first.md', text, base: null });
    const { id, ...rest } = note;
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(rest, {
      ...{ path: 'a/first.md', title: 'First', tags: ['now', 'work'], version: 1, size: text.length },
      ...{ boxes: { total: 2, done: 1 }, createdAt: START, updatedAt: START },
    });
    notes.save({ path: 'second.md', text: 'See [[First]] and [that](a/first.md), or [[one]].', base: null });
    const shown = notes.show('A/First.md');
    assert.deepEqual(shown, {
      ...{ note, text, tags: ['now', 'work'], aliases: ['One'] },
      links: [
        { target: 'second', heading: null, label: 's', line: 10, path: 'second.md' },
        { target: 'none', heading: null, label: null, line: 10, path: null },
      ],
      backlinks: [1, 2, 3].map(() => ({
        ...{ path: 'second.md', title: 'second', line: 1 },
        excerpt: 'See [[First]] and [that](a/first.md), or [[one]].',
      })),
      boxes: [
        { id: null, line: 7, text: 'do #now', done: false },
        { id: null, line: 8, text: 'done', done: true },
      ],
    });
    assert.deepEqual(notes.show(id), shown);
    assert.deepEqual(told, [note, notes.show('second.md').note]);
  });

  it('are not written over what somebody else saved', async () => {
    using workspace = openWorkspace();
    const { notes } = await workspace.server();
    notes.save({ path: 'a.md', text: 'one', base: null });
    workspace.time.now += MINUTE;
    const second = notes.save({ path: 'a.md', text: 'two', base: 1 });
    assert.deepEqual([second.version, second.createdAt, second.updatedAt], [2, START, START + MINUTE]);
    const there = { path: 'a.md', version: 2, text: 'two' };
    assert.deepEqual(
      conflictOf(() => notes.save({ path: 'a.md', text: 'mine', base: 1 })),
      there,
    );
    assert.deepEqual(
      conflictOf(() => notes.save({ path: 'A.MD', text: 'mine', base: null })),
      there,
    );
    assert.equal(notes.show('a.md').text, 'two');
    notes.remove('a.md');
    const gone = { path: 'a.md', version: 0, text: null };
    assert.deepEqual(
      conflictOf(() => notes.save({ path: 'a.md', text: 'mine', base: 2 })),
      gone,
    );
  });

  it('are saved once, however often that is sent', async () => {
    using workspace = openWorkspace();
    const { notes, told } = await workspace.server();
    const id = randomUUID();
    const first = { path: 'a.md', text: 'one', base: null, id };
    assert.deepEqual(notes.save(first), notes.save(first));
    const next = { path: 'a.md', text: 'two', base: 1 };
    assert.deepEqual(notes.save(next), notes.save(next));
    assert.deepEqual(
      told.map((one) => ('version' in one ? one.version : 0)),
      [1, 2],
    );
    notes.move({ from: 'a.md', to: 'b.md' });
    assert.equal(conflictOf(() => notes.save(first)).path, 'b.md');
  });

  it('have one path, in whatever letters', async () => {
    using workspace = openWorkspace();
    const { put, list, notes } = await workspace.server();
    put('Work/Äpfel.md', 'a');
    put('work/x.md', 'b');
    put('WORK/ÄPFEL.md', 'c');
    assert.deepEqual(list(), ['Work/x.md', 'Work/Äpfel.md']);
    assert.equal(notes.show('work/äpfel.md').text, 'c');
  });

  it('may have 5 MiB, and no more', async () => {
    using workspace = openWorkspace();
    const { notes, put } = await workspace.server();
    const text = 'words and more\n\n'.repeat(MAX_NOTE / 16);
    assert.equal(put('big.md', text).size, MAX_NOTE);
    assert.equal(notes.show('big.md').text, text);
    assert.throws(() => put('bigger.md', `${text}ä`), hasCode('too_large'));
    assert.throws(() => notes.show('bigger.md'), hasCode('not_found'));
    assert.equal(put('half.md', 'a\ud800b').size, 5);
  });

  it('may have 10,000 tags', async () => {
    using workspace = openWorkspace();
    const { notes, put, list } = await workspace.server();
    const note = put('a.md', `---\ntags: [${Array.from({ length: 10_000 }, (_, n) => `t${n}`).join(', ')}]\n---\n`);
    assert.equal(note.tags.length, 50);
    assert.equal(notes.show('a.md').tags.length, 10_000);
    assert.deepEqual(list({ tag: 't9999' }), ['a.md']);
    const { params } = methods['note/tags'];
    const first = notes.tags(params.parse({ prefix: 't1', limit: 1000 }));
    assert.equal(first.tags.length, 1000);
    const second = notes.tags(params.parse({ prefix: 't1', limit: 1000, after: first.next ?? '' }));
    assert.deepEqual([second.tags.length, second.next], [111, null]);
  });

  it('are listed by page, folder and tag', async () => {
    using workspace = openWorkspace();
    const { notes, put, list } = await workspace.server();
    for (const [index, path] of ['b.md', 'a/x.md', 'a/y/z.md', 'ab.md', 'a.md'].entries()) {
      workspace.time.now = START + index;
      put(path, index % 2 === 0 ? '#Work/now' : '#home');
    }
    assert.deepEqual(list(), ['a.md', 'a/x.md', 'a/y/z.md', 'ab.md', 'b.md']);
    assert.deepEqual(list({ folder: 'A' }), ['a/x.md', 'a/y/z.md']);
    assert.deepEqual(list({ folder: 'a', direct: true }), ['a/x.md']);
    assert.deepEqual(list({ direct: true }), ['a.md', 'ab.md', 'b.md']);
    assert.deepEqual(list({ tag: '#work' }), ['a.md', 'a/y/z.md', 'b.md']);
    assert.deepEqual(list({ tag: 'work/now', folder: 'a' }), ['a/y/z.md']);
    assert.deepEqual(list({ tag: 'wor' }), []);
    assert.deepEqual(list({ order: 'updated' }), ['a.md', 'ab.md', 'a/y/z.md', 'a/x.md', 'b.md']);
    for (const order of ['path', 'updated'] as const) {
      const paged: string[] = [];
      for (let after: string | undefined; after !== ''; ) {
        const page = notes.list(methods['note/list'].params.parse({ order, limit: 2, ...(after && { after }) }));
        assert.equal(page.total, 5);
        paged.push(...page.notes.map(({ path }) => path));
        after = page.next ?? '';
      }
      assert.deepEqual(paged, list({ order }));
    }
    assert.throws(() => list({ order: 'updated', after: 'x' }), hasCode('invalid_params'));
    assert.throws(() => list({ folder: '../a' }), hasCode('path_outside'));
    assert.deepEqual(notes.folders(), {
      folders: [
        { path: 'a', notes: 1 },
        { path: 'a/y', notes: 1 },
      ],
    });
    assert.deepEqual(notes.tags(methods['note/tags'].params.parse({})).tags, [
      { tag: 'home', notes: 2 },
      { tag: 'Work/now', notes: 3 },
    ]);
  });

  it('of a day are made once', async () => {
    using workspace = openWorkspace();
    const { notes, list } = await workspace.server();
    const { note, made } = notes.daily('2026-11-23');
    assert.deepEqual([note.path, note.title, made], ['daily/2026-11-23.md', '2026-11-23', true]);
    assert.deepEqual(notes.daily('2026-11-23'), { note, made: false });
    notes.daily();
    assert.equal(list({ folder: 'daily' }).length, 2);
  });

  it('keep their versions', async () => {
    using workspace = openWorkspace();
    const { notes, put } = await workspace.server();
    for (const text of ['one', 'two', 'three']) put('a.md', text);
    assert.deepEqual(
      notes.versions('a.md').versions.map(({ version }) => version),
      [3, 2, 1],
    );
    assert.deepEqual(notes.version('a.md', 1), { version: 1, at: START, text: 'one' });
    assert.throws(() => notes.version('a.md', 4), hasCode('not_found'));
  });

  it('are merged with what stands there now', async () => {
    using workspace = openWorkspace();
    const { notes, put } = await workspace.server();
    put('a.md', 'one\ntwo\nthree\n');
    put('a.md', 'ONE\ntwo\nthree\n');
    const asked = { note: 'a.md', base: 1 };
    const clean = { clean: true, text: 'ONE\ntwo\nTHREE\n', version: 2, current: 'ONE\ntwo\nthree\n' };
    assert.deepEqual(notes.merge({ ...asked, text: 'one\ntwo\nTHREE\n' }), clean);
    const both = notes.merge({ ...asked, text: 'eins\ntwo\nthree\n' });
    assert.equal(both.clean, false);
    assert.match(both.text, /^<<<<<<< version 2\nONE\n=======\neins\n>>>>>>> your text\ntwo\nthree\n$/);
    const lost = { note: 'a.md', base: 77, text: 'one\ntwo\nTHREE\n' };
    assert.equal(notes.merge(lost).clean, false);
    assert.deepEqual(notes.merge({ ...lost, baseText: 'one\ntwo\nthree\n' }), clean);
    assert.equal(notes.show('a.md').note.version, 2);
  });

  it('give their boxes ids, and tick them', async () => {
    using workspace = openWorkspace();
    const { notes, put } = await workspace.server();
    put('a.md', '# A\r\n- [ ] one  \r\n- [x] two ^b2\r\n```\n- [ ] code\n```\n');
    const { note, box } = notes.mark('a.md', 2, 1);
    assert.match(box.id ?? '', /^[a-z0-9]{6}$/);
    assert.equal(notes.show('a.md').text.split('\r\n')[1], `- [ ] one ^${box.id}`);
    assert.deepEqual(notes.mark('a.md', 2), { note, box });
    assert.deepEqual(notes.tick('a.md', box.id ?? '', true).box, { ...box, done: true });
    assert.deepEqual(notes.tick('a.md', 3, false).note.boxes, { total: 2, done: 1 });
    assert.equal(notes.tick('a.md', 'b2', false).note.version, 4);
    assert.throws(() => notes.tick('a.md', 'b2', true, 1), hasCode('conflict'));
    for (const run of [
      () => notes.mark('a.md', 5),
      () => notes.tick('a.md', 'none', true),
      () => notes.tick('b.md', 1, true),
    ])
      assert.throws(run, hasCode('not_found'));
    put('b.md', '- [ ] three');
    const { params } = methods['note/boxes'];
    const first = notes.boxes(params.parse({ done: false, limit: 1 }));
    assert.deepEqual(first.boxes, [{ path: 'a.md', id: 'b2', line: 3, text: 'two', done: false }]);
    const rest = notes.boxes(params.parse({ done: false, after: first.next ?? '' }));
    assert.deepEqual([rest.boxes.map(({ text }) => text), rest.next], [['three'], null]);
  });

  it('take tags, and give back those of the front matter', async () => {
    using workspace = openWorkspace();
    const { notes, put } = await workspace.server();
    put('a.md', '# A #inline\n');
    assert.deepEqual(notes.tag({ note: 'a.md', add: ['x', 'y'], remove: [] }).tags, ['inline', 'x', 'y']);
    assert.deepEqual(notes.tag({ note: 'a.md', add: ['x'], remove: ['y'] }).tags, ['inline', 'x']);
    assert.equal(notes.show('a.md').text, '---\ntags: [x]\n---\n# A #inline\n');
    assert.throws(() => notes.tag({ note: 'a.md', add: [], remove: ['inline'] }), hasCode('wrong_state'));
    put('b.md', '---\ntags: [x\n---\n');
    assert.throws(() => notes.tag({ note: 'b.md', add: ['z'], remove: [] }), hasCode('wrong_state'));
    assert.equal(notes.show('b.md').note.version, 1);
  });

  it('are removed whole, and put back with the text that came back', async () => {
    using workspace = openWorkspace();
    const { db, notes, put, list, hits, told } = await workspace.server();
    const before = put('a.md', '# Word\n[[b]] #tag\n- [ ] box\n');
    assert.throws(() => notes.remove('a.md', 7), hasCode('conflict'));
    const { note, text } = notes.remove('a.md', 1);
    assert.deepEqual([note, list(), hits('word')], [before, [], []]);
    for (const table of ['note_versions', 'note_names', 'note_links', 'note_tags', 'note_boxes'])
      assert.equal(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), 0, table);
    assert.deepEqual(told.at(-1), { id: note.id, path: 'a.md', movedTo: null });
    assert.equal(notes.save({ path: 'a.md', text, base: null, id: note.id }).id, note.id);
    assert.deepEqual(hits('word'), ['a.md']);
  });

  it('of two servers are told to the clients of both', async () => {
    using workspace = openWorkspace();
    const [one, other] = [await workspace.server(), await workspace.server()];
    one.put('a.md', 'a');
    one.put('b.md', 'b');
    one.notes.move({ from: 'a.md', to: 'c.md' });
    one.notes.remove('b.md');
    assert.equal(other.told.length, 0);
    other.notes.poll();
    const note = one.notes.show('c.md').note;
    const removal = { id: note.id, path: 'a.md', movedTo: 'c.md' };
    const [first, second, third, ...more] = other.told;
    assert.deepEqual([first, second && 'movedTo' in second && second.path, third, more], [removal, 'b.md', note, []]);
    other.notes.poll();
    assert.equal(other.told.length, 3);
    assert.deepEqual(
      conflictOf(() => other.put('c.md', 'x') && one.notes.save({ path: 'c.md', text: 'y', base: 1 })),
      {
        ...{ path: 'c.md', version: 2, text: 'x' },
      },
    );
  });

  it('are told only of what was committed', async () => {
    using workspace = openWorkspace();
    const { db, notes, told, list } = await workspace.server();
    const undone = db.transaction(() => {
      notes.save({ path: 'a.md', text: 'a', base: null });
      throw new Error('undone');
    });
    assert.throws(undone, /undone/);
    notes.poll();
    assert.deepEqual([told, list()], [[], []]);
    db.transaction(() => notes.save({ path: 'a.md', text: 'a', base: null }))();
    assert.deepEqual(told, []);
    notes.poll();
    assert.equal(told.length, 1);
  });
});
