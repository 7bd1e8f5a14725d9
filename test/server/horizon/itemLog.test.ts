import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Horizon, type Item, OspainError } from '../../../protocol/index.ts';
import { openQueue } from '../tasks/queueFixture.ts';
import { createPlan, type Plan } from './planFixture.ts';

type Edit = Partial<Pick<Item, 'title' | 'estimate' | 'due' | 'tags'> & { done: boolean }>;
type Step =
  | { do: 'add'; horizon: Horizon; before: number }
  | { do: 'change'; item: number; edit: Edit }
  | { do: 'move'; item: number; horizon: Horizon; before: number }
  | { do: 'remove'; item: number }
  | { do: 'undo' }
  | { do: 'redo' };

const pick = fc.nat(7);
const day = fc.constantFrom(null, '2026-03-28', '2026-03-29', '2026-10-25', '2027-01-01');
const horizon = fc.constantFrom(...Horizon.options);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ title: fc.constantFrom('x', 'y') }),
  fc.record({ estimate: fc.constantFrom(null, 10, 25) }),
  fc.record({ due: day }),
  fc.record({ tags: fc.subarray(['a', 'b']) }),
  fc.record({ done: fc.boolean() }),
);
const does = <T extends Step['do']>(name: T) => fc.constant(name);
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ do: does('add'), horizon, before: pick }), weight: 3 },
  { arbitrary: fc.record({ do: does('change'), item: pick, edit }), weight: 3 },
  { arbitrary: fc.record({ do: does('move'), item: pick, horizon, before: pick }), weight: 4 },
  { arbitrary: fc.record({ do: does('remove'), item: pick }), weight: 1 },
  { arbitrary: fc.record({ do: does('undo') }), weight: 2 },
  { arbitrary: fc.record({ do: does('redo') }), weight: 2 },
);

/** What people see: the lists, each item as it was said. Of the model, whole lists are kept for each step. */
type Seen = Record<Horizon, Array<Pick<Item, 'id' | 'title' | 'estimate' | 'due' | 'tags'> & { done: boolean }>>;

const shown = (plan: Plan): Seen => {
  const seen: Seen = { now: [], next: [], later: [], someday: [] };
  for (const { id, horizon, title, estimate, due, tags, doneAt } of plan.list())
    seen[horizon].push({ id, title, estimate, due, tags, done: doneAt !== null });
  return seen;
};

/** The plan as lists, with the states behind and ahead. */
class Model {
  now: Seen = { now: [], next: [], later: [], someday: [] };
  past: Seen[] = [];
  future: Seen[] = [];

  all = () => Horizon.options.flatMap((name) => this.now[name]);
  change(run: (next: Seen) => unknown): void {
    const before = structuredClone(this.now);
    run(this.now);
    if (JSON.stringify(before) === JSON.stringify(this.now)) return;
    this.past.push(before);
    this.future = [];
  }
  turn(from: Seen[], to: Seen[]): boolean {
    const next = from.pop();
    if (next === undefined) return false;
    to.push(this.now);
    this.now = next;
    return true;
  }
}

const refusal = (run: () => unknown): string | undefined => {
  try {
    run();
    return undefined;
  } catch (thrown) {
    return OspainError.from(thrown).code;
  }
};

/** Where an item goes that is put before another; one that stands elsewhere means the end. */
const place = (list: Seen['now'], before: string | undefined): number => {
  const index = list.findIndex(({ id }) => id === before);
  return index < 0 ? list.length : index;
};

function apply(plan: Plan, model: Model, one: Step, number: number): void {
  if (one.do === 'undo' || one.do === 'redo') {
    const went = one.do === 'undo' ? model.turn(model.past, model.future) : model.turn(model.future, model.past);
    assert.equal(
      refusal(() => plan[one.do]()),
      went ? undefined : 'wrong_state',
    );
    return;
  }
  const at = (index: number) => model.all()[index]?.id;
  if (one.do === 'add') {
    const before = at(one.before);
    const { id, title } = plan.add(`item ${number}`, {
      horizon: one.horizon,
      ...(before === undefined ? {} : { before }),
    });
    const list = model.now[one.horizon];
    const made = { id, title, estimate: null, due: null, tags: [], done: false };
    model.change((next) => {
      next[one.horizon].splice(place(list, before), 0, made);
    });
    return;
  }
  const id = at(one.item);
  if (id !== undefined) applyTo(plan, model, one, id, one.do === 'move' ? at(one.before) : undefined);
}

function applyTo(
  plan: Plan,
  model: Model,
  one: Exclude<Step, { do: 'add' | 'undo' | 'redo' }>,
  id: string,
  before?: string,
) {
  const take = (next: Seen) => {
    const list = Object.values(next).find((items) => items.some((item) => item.id === id)) ?? [];
    return list.splice(
      list.findIndex((item) => item.id === id),
      1,
    );
  };
  if (one.do === 'change') {
    plan.change(id, one.edit);
    const find = (next: Seen) =>
      Object.values(next)
        .flat()
        .find((item) => item.id === id);
    model.change((next) => Object.assign(find(next) ?? {}, one.edit));
  } else if (one.do === 'remove') {
    plan.items.remove({ itemId: id });
    model.change(take);
  } else {
    plan.move(id, { horizon: one.horizon, ...(before === undefined ? {} : { before }) });
    // Before itself is where it is.
    if (before === id && model.now[one.horizon].some((item) => item.id === id)) return;
    model.change((next) => {
      const taken = take(next);
      next[one.horizon].splice(place(next[one.horizon], before), 0, ...taken);
    });
  }
}

test('any history is as a simple model says; undoing all of it gives the start, doing it again the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      using fixture = await openQueue();
      const open = () => createPlan({ db: fixture.db, now: () => fixture.clock.now });
      const plan = open();
      const model = new Model();
      const start = shown(plan);
      for (const [number, one] of steps.entries()) {
        fixture.clock.now += 3_600_000;
        apply(plan, model, one, number);
        assert.deepEqual(shown(plan), model.now);
      }
      const [sums] = plan.progress('2100-01-01', '2100-01-01');
      const counted = plan.list().filter(({ doneAt, horizon: where }) => doneAt !== null || where !== 'someday');
      assert.equal(sums?.planned, counted.length);
      assert.equal(
        sums?.doneMinutes,
        counted.reduce((sum, { doneAt, estimate }) => sum + (doneAt === null ? 0 : (estimate ?? 0)), 0),
      );
      const end = shown(plan);
      // As after a restart.
      const later = open();
      let undone = 0;
      while (refusal(() => later.undo()) === undefined) undone += 1;
      assert.deepEqual(shown(later), start);
      assert.equal(undone, model.past.length);
      for (; undone > 0; undone--) later.redo();
      assert.deepEqual(shown(later), end);
    }),
    { seed: 20261123, numRuns: 60 },
  );
});
