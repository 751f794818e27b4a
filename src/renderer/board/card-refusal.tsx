import { X } from 'lucide-react';
import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { dismissRefusal } from '../state/give-command.js';
import { useServices, useUi } from '../state/services.js';

/** Why the last thing asked of this card was refused. */
export function CardRefusal({ id }: { readonly id: string }): ReactElement | null {
  const { ui } = useServices();
  const reason = useUi((state) => state.refusals[id] ?? '');
  if (reason === '') return null;
  return (
    <div data-refusal className="rising mt-1.5 flex items-start gap-1 rounded-control bg-bad/10 py-1 pr-1 pl-2 text-12 text-bad">
      <span className="min-w-0 flex-1">{reason}</span>
      <button
        type="button"
        aria-label={en.card.dismissRefusal}
        onClick={(event) => {
          event.stopPropagation();
          dismissRefusal(ui, id);
        }}
        className="grid size-5 shrink-0 place-items-center rounded-tag hover:bg-bad/15"
      >
        <X size={12} aria-hidden="true" />
      </button>
    </div>
  );
}
