import type { ReactElement } from 'react';
import { useServices, useUi } from '../state/services.js';
import type { OpenDialog } from '../state/ui-store.js';
import { dialogTable } from './dialog-table.js';

/** The dialog that is open, if one is. */
export function Dialogs(): ReactElement | null {
  const { ui } = useServices();
  const dialog = useUi((state) => state.dialog);
  if (dialog === null) return null;
  const close = (): void => ui.setState(({ dialog: open }) => ({ dialog: open === dialog ? null : open }));
  return draw(dialog, close);
}

function draw<D extends OpenDialog>(dialog: D, onClose: () => void): ReactElement {
  const Draw = dialogTable[dialog.kind] as (props: { readonly dialog: D; readonly onClose: () => void }) => ReactElement | null;
  return <Draw dialog={dialog} onClose={onClose} />;
}
