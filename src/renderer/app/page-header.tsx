import type { ReactElement, ReactNode } from 'react';

interface PageHeaderProps {
  readonly title: string;
  /** A line under the title. */
  readonly text?: ReactNode;
  /** Buttons on the right. */
  readonly children?: ReactNode;
}

/** The top of a page that is not the board. */
export function PageHeader({ title, text, children }: PageHeaderProps): ReactElement {
  return (
    <header className="flex shrink-0 items-center gap-3 border-b border-line px-5 py-3">
      <div className="min-w-0 flex-1">
        <h1 className="shorten text-16 font-semibold">{title}</h1>
        {text !== undefined && <p className="shorten text-12 text-muted">{text}</p>}
      </div>
      {children}
    </header>
  );
}
