import { useState } from 'react';

interface KeptFocus {
  readonly onOpen: (event: Event) => void;
  readonly onClose: (event: Event) => void;
}

/** Where the focus goes when a dialog opens (its first field, else the dialog itself) and when it closes (back to where it was). */
export function useKeptFocus(): KeptFocus {
  const [before] = useState(() => document.activeElement);
  return {
    onOpen: (event) => {
      event.preventDefault();
      const dialog = event.currentTarget;
      if (!(dialog instanceof HTMLElement)) return;
      (dialog.querySelector<HTMLElement>('input, textarea, select, [data-first-focus]') ?? dialog).focus();
    },
    onClose: (event) => {
      event.preventDefault();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
  };
}
