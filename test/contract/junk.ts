import fc from 'fast-check';
import { MAX_TEXT, methods } from '../../protocol/index.ts';

export interface JunkRequest {
  method: string;
  params: unknown;
}

const NAMES = [...Object.keys(methods), '__proto__', 'constructor', 'hasOwnProperty', 'task/', '/', '../v1', ''];

const method = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...Object.keys(methods)) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
);

/** Values under names that the methods read, so that some get past the first check. */
const nearly = fc.record(
  {
    taskId: fc.oneof(fc.string(), fc.integer(), fc.constantFrom('__proto__', '-1', '1e3', '0x1', "' OR 1=1 --")),
    instruction: fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null)),
    kind: fc.oneof(fc.constantFrom('ask', 'agent'), fc.string()),
    context: fc.oneof(fc.record({ path: fc.string(), text: fc.anything() }), fc.string()),
    limit: fc.oneof(fc.integer(), fc.double(), fc.string()),
    after: fc.oneof(fc.integer(), fc.constant(Number.MAX_SAFE_INTEGER), fc.string()),
    status: fc.oneof(fc.array(fc.string()), fc.string()),
  },
  { requiredKeys: [] },
);

const nested = fc.integer({ min: 1, max: 500 }).map((depth) => {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { instruction: value };
  return value;
});

const poisoned = fc.constantFrom(
  ...['{"__proto__":{"taskId":"1"}}', '{"constructor":{"prototype":{"polluted":1}}}', '{"toString":1,"taskId":{}}'].map(
    (text) => JSON.parse(text) as unknown,
  ),
);

const huge = fc.constantFrom(MAX_TEXT + 1, 3 * MAX_TEXT).map((length) => ({ instruction: 'x'.repeat(length) }));

const params = fc.oneof(
  { weight: 40, arbitrary: fc.jsonValue({ maxDepth: 5 }) },
  { weight: 40, arbitrary: nearly.map(asJson) },
  { weight: 10, arbitrary: nested },
  { weight: 8, arbitrary: poisoned },
  { weight: 1, arbitrary: huge },
);

/** The same junk on every run. */
export const junkRequests = (count: number): JunkRequest[] =>
  fc.sample(fc.record({ method, params }), { seed: 20_260_101, numRuns: count });

/** What is left of a value on the wire. */
function asJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)),
  );
}
