import type { ReactElement } from 'react';

interface FirstRunPageProps {
  /** Why no workspace is open; may be empty. */
  readonly reason: string;
}

/** What is seen while no workspace is open: recent ones, the sample, a new one for a project. */
export function FirstRunPage({ reason }: FirstRunPageProps): ReactElement {
  return <p className="p-8 text-muted">{reason}</p>;
}
