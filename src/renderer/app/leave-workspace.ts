import type { WorkspacesView } from '../../shared/contract/host-views.js';
import { en } from '../i18n/en.js';
import type { UiStore } from '../state/ui-store.js';
import { toastQueue } from '../ui/toast-queue.js';

type Current = WorkspacesView['current'];

/**
 * Puts away what belongs to the workspace that was open before: its open card, its selection, a half-written command. Another
 * window or the command line may have opened the new one, so the page says which it is.
 */
export function leaveWorkspace(ui: UiStore, now: Current, before: Current): void {
  if (now === null || before === null || now.path === before.path) return;
  const { dialog } = ui.getState();
  ui.setState({
    openCardId: null,
    cursorId: null,
    selected: new Set(),
    refusals: {},
    chosen: {},
    dialog: dialog?.kind === 'workspaces' || dialog?.kind === 'settings' || dialog?.kind === 'keys' ? dialog : null,
  });
  toastQueue.show({ tone: 'plain', text: en.workspaces.changed(now.name) });
}
