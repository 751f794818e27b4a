import type { ReactElement, ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  /** Beside the title, at the end. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page or a panel under its own quiet heading. */
export function Section({ title, aside, children }: SectionProps): ReactElement {
  return (
    <section className="flex flex-col gap-1.5">
      <div className="flex items-baseline gap-2">
        <h3 className="min-w-0 flex-1 text-12 font-medium text-muted">{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}
