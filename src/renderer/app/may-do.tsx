import type { ReactElement, ReactNode } from 'react';
import { leastRole, mayAs } from '../../shared/contract/rights.js';
import { useView } from '../state/services.js';

interface MayDoProps {
  /** A method of the contract, by its path. */
  readonly method: string;
  readonly children: ReactNode;
}

/** Shows what does something only to a session that may do it; the runtime refuses it to others in any case. */
export function MayDo({ method, children }: MayDoProps): ReactElement | null {
  const may = useView((view) => view.me === null || mayAs(view.me.role, leastRole[method] ?? 'lead'));
  return may ? <>{children}</> : null;
}
