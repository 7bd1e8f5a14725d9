import type fc from 'fast-check';

/** What is fuzzed: one file `test/fuzz/<name>.fuzz.ts`, whose default export it is. */
export interface Target<Input> {
  inputs: fc.Arbitrary<Input>;
  /** Inputs between an opening and the next; opening and closing count for no input. */
  batch: number;
  open(): Session<Input> | Promise<Session<Input>>;
}

/** Whatever a target stands on while a batch runs, a server for example. */
export interface Session<Input> {
  /**
   * Throws, or rejects, for what must not be. An OspainError is a proper answer to bad input, unless its code is `internal`;
   * everything else that is thrown is a finding.
   */
  run(input: Input): void | Promise<void>;
  close?(): void | PromiseLike<void>;
}

/** Ties the inputs to what takes them. */
export const target = <Input>(it: Target<Input>): Target<Input> => it;

/** A target of nothing but functions. */
export const pure = <Input>(inputs: fc.Arbitrary<Input>, run: Session<Input>['run'], batch = 2000): Target<Input> => ({
  inputs,
  batch,
  open: () => ({ run }),
});
