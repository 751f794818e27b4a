import type { OpenDialog } from '../state/ui-store.js';

/** What a dialog gets: what it is about, and how to close it. */
export interface DialogOf<K extends OpenDialog['kind']> {
  readonly dialog: Extract<OpenDialog, { kind: K }>;
  readonly onClose: () => void;
}
