import { OspainError } from '../../../protocol/index.ts';

/** The code that something fails with; `none` when it does not fail. */
export async function codeFrom(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'none';
  } catch (thrown) {
    return thrown instanceof OspainError ? thrown.code : `other: ${thrown}`;
  }
}
