import type { ReactElement, ReactNode } from 'react';

interface RemoveScrollProps {
  readonly children?: ReactNode;
}

/**
 * Stands in for the package `react-remove-scroll` that dialogs and menus ask for: the page as a whole never scrolls, so there is
 * nothing to lock, and the package's style element would be refused by the content security policy.
 */
export function RemoveScroll({ children }: RemoveScrollProps): ReactElement {
  return <>{children}</>;
}
