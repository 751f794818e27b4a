import type { ReactElement, ReactNode } from 'react';
import { leastRole, mayAs } from '../../shared/contract/rights.js';
import { useView } from '../state/services.js';
import type { ViewState } from '../state/view-store.js';

/** Whether a session may use a method of the contract; the runtime refuses it to others in any case. */
export const maySession = (me: ViewState['me'], method: string): boolean => me === null || mayAs(me.role, leastRole[method] ?? 'lead');

/** Whether this session may use a method of the contract, by its path. */
export const useMay = (method: string): boolean => useView((view) => maySession(view.me, method));

interface MayDoProps {
  /** A method of the contract, by its path. */
  readonly method: string;
  readonly children: ReactNode;
}

/** Shows what does something only to a session that may do it. */
export function MayDo({ method, children }: MayDoProps): ReactElement | null {
  return useMay(method) ? <>{children}</> : null;
}
