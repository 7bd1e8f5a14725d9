import { OspainError } from '../../protocol/index.ts';

/** What is wrong with a model file, and where: `at` is an offset in bytes. */
export function unreadable(path: string, why: string, at?: number): OspainError {
  const where = at === undefined ? '' : ` (at byte ${at})`;
  return new OspainError('model_unreadable', `The model file ${path} is not usable: ${why}${where}.`, {
    hint: 'Get the file again, or name another one.',
  });
}

export const missingFile = (path: string): OspainError =>
  new OspainError('model_missing', `There is no model file ${path}.`, {
    hint: 'Check the path, or use another model.',
  });
