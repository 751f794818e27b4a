import type { ReactElement } from 'react';
import { routeText } from '../app/route.js';
import { shortId } from '../board/card-words.js';
import { useUi } from '../state/services.js';

/** A way to another card's panel, without leaving the page. */
export function CardLink({ cardId, title = '' }: { readonly cardId: string; readonly title?: string }): ReactElement {
  const page = useUi((ui) => ui.page);
  return (
    <a href={routeText({ page, cardId })} className="inline-flex min-w-0 items-baseline gap-1.5 rounded-tag hover:text-accent">
      <span className="shrink-0 font-mono text-11 text-faint">{shortId(cardId)}</span>
      {title !== '' && <span className="min-w-0 truncate">{title}</span>}
    </a>
  );
}
