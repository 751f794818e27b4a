import type { ReactElement, ReactNode } from 'react';

/** Names and values in two columns; a value that is null leaves its line out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }): ReactElement {
  return (
    <dl className="grid grid-cols-[minmax(84px,max-content)_1fr] items-baseline gap-x-4 gap-y-0.5 text-12">
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="flex min-w-0 flex-wrap items-center gap-x-1 break-words [&>button:first-child]:-ml-1">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
