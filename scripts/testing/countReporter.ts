/** A reporter of node:test that writes only the counts, as JSON: what people read comes from the spec reporter beside it. */
import type { TestEvent } from 'node:test/reporters';
import type { Counts } from './counts.ts';

export default async function* countReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const counts: Counts = { passed: 0, failed: 0, skipped: [] };
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    // A suite is as good as its tests, which are counted one by one.
    if (data.details.type === 'suite') continue;
    const left = data.skip ?? data.todo;
    if (left !== undefined) counts.skipped.push(`${data.name}${typeof left === 'string' ? `: ${left}` : ''}`);
    else if (type === 'test:pass') counts.passed += 1;
    else counts.failed += 1;
  }
  yield JSON.stringify(counts);
}
