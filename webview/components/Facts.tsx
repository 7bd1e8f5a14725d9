import type { ReactNode } from 'react';

export interface Fact {
  /** No other of the list has it. */
  readonly name: string;
  /** Null where it is not known. */
  readonly value: ReactNode;
}

/** What is known of something, a line each. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="m-0 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-0.5">
      {facts
        .filter(({ value }) => value !== null)
        .map(({ name, value }) => (
          <div key={name} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-muted">{name}</dt>
            <dd className="m-0 min-w-0 break-words">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
