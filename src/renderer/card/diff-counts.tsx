import type { ReactElement } from 'react';

/** Lines that came and went; the signs say it, the hues help. */
export function DiffCounts({ added, removed }: { readonly added: number; readonly removed: number }): ReactElement {
  return (
    <span className="font-mono text-12 whitespace-nowrap">
      <span className="text-done">+{added}</span> <span className="text-bad">−{removed}</span>
    </span>
  );
}
