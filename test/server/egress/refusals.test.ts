import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Refusal } from '../../../guard/guard.ts';
import type { Happened } from '../../../server/audit/auditLog.ts';
import { hearRefusals } from '../../../server/egress/refusals.ts';
import { createLog } from '../../../server/log.ts';

it('writes down what the guard refused, each way to each place once, whatever becomes of the record', () => {
  const tell: ((refusal: Refusal) => void)[] = [];
  const guard = {
    onRefused: (listener: (refusal: Refusal) => void) => {
      tell.push(listener);
      return () => void tell.pop();
    },
  };
  const written: Happened[] = [];
  const lines: string[] = [];
  const record = (happened: Happened) => {
    if (happened.subject === 'full:1') throw new Error('no room');
    written.push(happened);
  };
  let open = false;
  const audit = () => (open ? { record } : undefined);
  const { catchUp, stop } = hearRefusals({ guard, audit, log: createLog(({ message }) => lines.push(message)) });
  const refuse = (target: string) => tell[0]?.({ api: 'net.connect', target });
  for (const target of ['a:1', 'a:1']) refuse(target);
  assert.deepEqual(written, [], 'the log is not open yet');
  open = true;
  catchUp();
  assert.equal(written.length, 1);
  for (const target of ['b:2', 'full:1']) refuse(target);
  const entry = { type: 'egress.refused', actor: 'server', details: { api: 'net.connect' } };
  assert.deepEqual(
    written,
    ['a:1', 'b:2'].map((subject) => ({ ...entry, subject })),
  );
  assert.deepEqual(lines, [
    'guard: refused net.connect to a:1',
    'guard: refused net.connect to b:2',
    'guard: refused net.connect to full:1',
    'guard: a refusal was not kept: Error: no room',
  ]);
  stop();
  assert.equal(tell.length, 0);
});
