import type { ReactElement } from 'react';
import { MayDo } from '../app/may-do.js';
import { openDialog } from '../app/page-actions.js';
import { en } from '../i18n/en.js';
import { useServices, useUi } from '../state/services.js';
import { Button } from '../ui/button.js';
import { approveCards } from './bulk-commands.js';

/** What can be done with all selected cards at once. */
export function SelectionBar(): ReactElement | null {
  const services = useServices();
  const selected = useUi((ui) => ui.selected);
  if (selected.size === 0) return null;
  return (
    <div
      role="toolbar"
      aria-label={en.bulk.selected(selected.size)}
      className="rising fixed bottom-12 left-1/2 z-30 flex -translate-x-1/2 items-center gap-2 rounded-card bg-surface py-2 pr-2 pl-4 shadow-float"
    >
      <span className="pr-2 font-medium">{en.bulk.selected(selected.size)}</span>
      <MayDo method="review.approve">
        <Button tone="approve" keys="A" onClick={() => void approveCards(services, [...selected])}>
          {en.bulk.approve}
        </Button>
      </MayDo>
      <MayDo method="todos.cancel">
        <Button onClick={() => openDialog(services, { kind: 'bulk-cancel' })}>{en.bulk.cancelCards}</Button>
      </MayDo>
      <Button tone="ghost" keys="Esc" onClick={() => services.ui.setState({ selected: new Set() })}>
        {en.bulk.clear}
      </Button>
    </div>
  );
}
