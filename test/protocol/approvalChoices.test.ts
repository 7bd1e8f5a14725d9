import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approvalText } from '../../extension/views/approvalText.ts';
import { approvalChoices } from '../../protocol/approvalChoices.ts';
import type { Approval } from '../../protocol/approvals.ts';

const rules = [{ tool: 'run_command', command: 'npm test', does: 'allow' as const }];
const approval: Approval = {
  ...{ id: 7, taskId: 'a', taskNumber: 3, turn: 2, kind: 'call', tool: 'run_command' },
  ...{ summary: 'run npm test', text: 'npm test\necho done', reasons: ['It does not run in a sandbox.'], rules },
  ...{ status: 'open', answer: null, askedAt: 1, answeredAt: null },
};
const clock = (at: number) => `at ${at}`;

test('a call is allowed or denied once, or allowed for longer where that can be remembered', () => {
  assert.deepEqual(
    approvalChoices(approval).map(({ label, answer, remember }) => [label, answer, remember]),
    [
      ['Allow Once', 'allow', undefined],
      ['Deny', 'deny', undefined],
      ['Deny, and Say Why…', 'deny', undefined],
      ['Allow for This Task', 'allow', 'task'],
      ['Always Allow in This Workspace', 'allow', 'workspace'],
      ['Always Allow Everywhere', 'allow', 'user'],
    ],
  );
  assert.equal(approvalChoices(approval).at(-1)?.detail, 'npm test');
  assert.ok(approvalChoices({ kind: 'call', rules: [] }).every(({ remember }) => remember === undefined));
});

test('a question wants a text', () => {
  const [answer, decline] = approvalChoices({ kind: 'question', rules: [] });
  assert.deepEqual([answer?.answer, answer?.asks?.required], ['allow', true]);
  assert.deepEqual([decline?.answer, decline?.asks], ['deny', undefined]);
});

test('what would be done is shown letter for letter, with why it is asked', () => {
  assert.equal(
    approvalText(approval, clock),
    `Task 3 wants to call run_command:

    npm test
    echo done

It does not run in a sandbox.

It waits for your answer since at 1.

What can be allowed for longer:
    npm test
`,
  );
  const denied: Approval = { ...approval, status: 'denied', answer: 'Use make.', answeredAt: 2 };
  assert.match(approvalText(denied, clock), /It was denied\. at 2\n\n {4}Use make\.\n$/);
  assert.match(approvalText({ ...approval, kind: 'question' }, clock), /^Task 3 asks:/);
  assert.match(approvalText({ ...approval, status: 'dropped', answeredAt: 2 }, clock), /has ended/);
});
