import type { ActionName } from './actions.ts';

/** What editors sort actions by: LSP's code action kinds, and one of the product's own for each that has none there. */
export const actionKinds: Readonly<Record<ActionName, string>> = {
  fix: 'quickfix',
  refactor: 'refactor',
  document: 'refactor.rewrite',
  explain: 'ospain2.explain',
  tests: 'ospain2.tests',
  ask: 'ospain2.ask',
};
