import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDesk } from '../suggestions/desk.ts';

const NOTE = '# Monday\n\n- [ ] look at the log ^one\n- [ ] tell Ann ^two\n';

const openBoxes = async () => {
  const desk = await openDesk();
  const { id } = desk.write('a.md', NOTE);
  const item = desk.addItem('look at the log', { noteId: id, box: 'one' });
  const done = () => desk.items.get(item.id).doneAt !== null;
  const setDone = (now: boolean) => void desk.items.change({ itemId: item.id, done: now });
  const ticked = () => desk.read('a.md').includes('[x] look at the log');
  return { desk, id, item, done, setDone, ticked };
};

test('an item that is done ticks its box, and one that is opened again takes the tick away', async () => {
  const { desk, ticked, setDone } = await openBoxes();
  await using _ = desk;
  setDone(true);
  assert.ok(ticked());
  assert.ok(desk.read('a.md').includes('- [ ] tell Ann'), 'no other box');
  assert.deepEqual(desk.noted.at(-1)?.boxes, { total: 2, done: 1 }, 'clients are told of the note');
  setDone(false);
  assert.ok(!ticked());
});

test('a box that somebody ticks has its item done, and the other way round; undo goes through', async () => {
  const { desk, id, done, ticked } = await openBoxes();
  await using _ = desk;
  desk.notes.tick(id, 'one', true);
  assert.ok(done());
  desk.items.undo({});
  assert.ok(!done() && !ticked());
  desk.write('a.md', NOTE.replace('[ ] look', '[X] look'));
  assert.ok(done(), 'also when it is typed');
  desk.notes.tick(id, 'one', false);
  assert.ok(!done());
});

test('where a box and an item never agreed, what is done stays done', async () => {
  await using desk = await openDesk();
  const { id } = desk.write('a.md', NOTE.replace('[ ] tell', '[x] tell'));
  const late = desk.addItem('tell Ann', { noteId: id, box: 'two' });
  assert.ok(desk.items.get(late.id).doneAt !== null);
  const before = desk.addItem('x');
  desk.items.change({ itemId: before.id, done: true });
  desk.items.change({ itemId: before.id, noteId: id, box: 'one' });
  assert.ok(desk.read('a.md').includes('[x] look at the log'));
});

test('a box that is gone changes nothing, and counts again when it is back', async () => {
  const { desk, done, setDone, ticked } = await openBoxes();
  await using _ = desk;
  desk.write('a.md', '# Monday\n');
  setDone(true);
  assert.equal(desk.read('a.md'), '# Monday\n');
  desk.write('a.md', NOTE);
  assert.ok(done() && ticked());
});

test('a box and an item that came apart while no server was there agree after the next start', async () => {
  const { desk, item, ticked } = await openBoxes();
  await using _ = desk;
  desk.db.prepare('UPDATE items SET done_at = 1, done_on = ? WHERE id = ?').run('2026-11-25', item.id);
  const other = await desk.another();
  assert.ok(!ticked());
  other.boxTicks.catchUp();
  assert.ok(ticked());
});

test('what one server ticks, another does not untick', async () => {
  const { desk, id, done, ticked } = await openBoxes();
  await using _ = desk;
  const other = await desk.another();
  desk.notes.tick(id, 'one', true);
  other.queue.poll();
  desk.queue.poll();
  assert.ok(done() && ticked());
});
