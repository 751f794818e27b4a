import type { LucideIcon } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';

interface EmptyProps {
  readonly icon?: LucideIcon;
  /** What will appear here. */
  readonly title: string;
  readonly text?: ReactNode;
  /** The one action that makes it appear. */
  readonly action?: ReactNode;
}

/** An empty place that says what will be there, and how. */
export function Empty({ icon: Icon, title, text, action }: EmptyProps): ReactElement {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-12 text-center">
      {Icon !== undefined && (
        <span className="mb-1 grid size-10 place-items-center rounded-card bg-ink/5 text-faint">
          <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
        </span>
      )}
      <p className="text-14 font-medium">{title}</p>
      {text !== undefined && <p className="text-13 text-muted">{text}</p>}
      {action !== undefined && <div className="mt-2">{action}</div>}
    </div>
  );
}
