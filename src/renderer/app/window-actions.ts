import { menuActionIn } from '../../shared/contract/window-messages.js';
import type { MenuActionId } from '../../shared/contract/window-messages.js';
import type { Services } from '../state/services.js';
import { goTo, openDialog, setTheme } from './page-actions.js';
import { resumeSprint } from './sprint-commands.js';

/** What the menu of the window asks for, each as a button or key of the page does it. */
export const windowActions: Readonly<Record<MenuActionId, (services: Services) => void>> = {
  'new-request': (services) => openDialog(services, { kind: 'new-request' }),
  'new-item': (services) => openDialog(services, { kind: 'backlog-item', id: null }),
  workspaces: (services) => openDialog(services, { kind: 'workspaces' }),
  settings: (services) => openDialog(services, { kind: 'settings' }),
  keys: (services) => openDialog(services, { kind: 'keys' }),
  palette: (services) => openDialog(services, { kind: 'palette' }),
  'theme-system': (services) => setTheme(services, 'system'),
  'theme-light': (services) => setTheme(services, 'light'),
  'theme-dark': (services) => setTheme(services, 'dark'),
  'go-needs-you': (services) => goTo(services, 'needs-you'),
  'go-board': (services) => goTo(services, 'board'),
  'go-backlog': (services) => goTo(services, 'backlog'),
  'go-requests': (services) => goTo(services, 'requests'),
  'go-roster': (services) => goTo(services, 'roster'),
  'go-sprints': (services) => goTo(services, 'sprints'),
  'go-insights': (services) => goTo(services, 'insights'),
  'start-sprint': (services) => openDialog(services, { kind: 'start-sprint' }),
  'resume-sprint': (services) => void resumeSprint(services),
  'stop-sprint': (services) => openDialog(services, { kind: 'stop-sprint' }),
  'stop-all': (services) => openDialog(services, { kind: 'stop-all' }),
};

/** Does what the window's menu asks for; only this page's own window is heard. */
export function followWindowMenu(services: Services): void {
  window.addEventListener('message', (event) => {
    const action = event.source === window ? menuActionIn(event.data) : null;
    if (action !== null) windowActions[action](services);
  });
}
