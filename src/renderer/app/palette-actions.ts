import { en } from '../i18n/en.js';
import type { Services } from '../state/services.js';
import { resumeSprint } from './sprint-commands.js';
import { cardAtHand, approveAtHand, moveAtHand, openDialog, requestChangesAtHand, setTheme, undo } from './page-actions.js';

export interface PaletteAction {
  readonly id: string;
  readonly label: string;
  readonly keys?: string;
  readonly run: () => void;
}

const atHand = (services: Services): readonly PaletteAction[] => {
  const card = cardAtHand(services);
  if (card === undefined) return [];
  return [
    { id: 'approve', label: `Approve “${card.title}”`, keys: 'A', run: () => approveAtHand(services) },
    { id: 'request-changes', label: `Request changes on “${card.title}”`, keys: 'R', run: () => requestChangesAtHand(services) },
    { id: 'move', label: `Move “${card.title}” to…`, keys: 'M', run: () => moveAtHand(services) },
  ];
};

const sprintActions = (services: Services): readonly PaletteAction[] => {
  const { sprint, halt } = services.views.getState();
  const isActive = sprint !== null && sprint.endedAt === null;
  const canResume = halt !== null || (isActive && sprint.status === 'paused');
  return [
    ...(isActive ? [] : [{ id: 'start', label: `${en.sprint.start}…`, run: () => openDialog(services, { kind: 'start-sprint' }) }]),
    ...(canResume ? [{ id: 'resume', label: en.sprint.resume, run: () => void resumeSprint(services) }] : []),
    ...(isActive ? [{ id: 'stop', label: `${en.sprint.stop}…`, run: () => openDialog(services, { kind: 'stop-sprint' }) }] : []),
    ...(halt === null ? [{ id: 'stop-all', label: `${en.sprint.stopAll}…`, run: () => openDialog(services, { kind: 'stop-all' }) }] : []),
  ];
};

/** What can be done from anywhere, what is at hand first. */
export const paletteActions = (services: Services): readonly PaletteAction[] => [
  ...atHand(services),
  { id: 'new-request', label: en.request.new, keys: 'C', run: () => openDialog(services, { kind: 'new-request' }) },
  { id: 'new-item', label: en.item.new, run: () => openDialog(services, { kind: 'backlog-item', id: null }) },
  ...sprintActions(services),
  { id: 'undo', label: en.undo, keys: 'U', run: () => undo(services) },
  { id: 'light', label: `${en.settings.theme}: ${en.settings.themes.light}`, run: () => setTheme(services, 'light') },
  { id: 'dark', label: `${en.settings.theme}: ${en.settings.themes.dark}`, run: () => setTheme(services, 'dark') },
  { id: 'system', label: `${en.settings.theme}: ${en.settings.themes.system}`, run: () => setTheme(services, 'system') },
  { id: 'workspaces', label: `${en.workspaces.otherTitle}…`, run: () => openDialog(services, { kind: 'workspaces' }) },
  { id: 'settings', label: en.pages.settings, run: () => openDialog(services, { kind: 'settings' }) },
  { id: 'keys', label: en.keys.show, keys: '?', run: () => openDialog(services, { kind: 'keys' }) },
];
