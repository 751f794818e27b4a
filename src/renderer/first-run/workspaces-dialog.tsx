import type { ReactElement } from 'react';
import type { DialogOf } from '../app/dialog-of.js';
import { en } from '../i18n/en.js';
import { Dialog } from '../ui/dialog.js';
import { WorkspaceChoices } from './first-run-page.js';

/** The first run's choices over an open workspace. */
export function WorkspacesDialog({ onClose }: DialogOf<'workspaces'>): ReactElement {
  return (
    <Dialog title={en.workspaces.otherTitle} width="large" onClose={onClose}>
      <WorkspaceChoices onDone={onClose} />
    </Dialog>
  );
}
