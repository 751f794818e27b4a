import type { ReactElement } from 'react';
import { classNames } from './class-names.js';

/** A grey place of the final size, seen only when loading takes over 150 ms. `className` gives it its geometry. */
export function Skeleton({ className }: { readonly className: string }): ReactElement {
  return <span aria-hidden="true" className={classNames('waiting block rounded-control', className)} />;
}
