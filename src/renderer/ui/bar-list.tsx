import type { ReactElement, ReactNode } from 'react';

/** A figure with its name. `share` of the longest bar, 0 to 1. */
export interface Bar {
  readonly id: string;
  readonly name: ReactNode;
  readonly value: string;
  readonly share: number;
}

/** Figures beside bars; the figures say it, the bars let the eye compare. */
export function BarList({ label, bars }: { readonly label: string; readonly bars: readonly Bar[] }): ReactElement {
  return (
    <dl aria-label={label} className="grid grid-cols-[minmax(0,max-content)_minmax(40px,1fr)_auto] items-center gap-x-3 gap-y-1.5">
      {bars.map(({ id, name, value, share }) => (
        <div key={id} className="contents">
          <dt className="flex min-w-0 items-center gap-1.5 truncate">{name}</dt>
          <dd aria-hidden="true">
            <svg className="block h-1.5 w-full" preserveAspectRatio="none" viewBox="0 0 100 6">
              <rect width="100" height="6" rx="1" className="fill-ink/6" />
              <rect width={Math.max(share > 0 ? 1 : 0, share * 100)} height="6" rx="1" className="fill-accent" />
            </svg>
          </dd>
          <dd className="text-right text-12 whitespace-nowrap text-muted tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
