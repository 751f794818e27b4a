import type { Services } from '../state/services.js';
import { focusSearch } from './focus-card.js';
import {
  approveAtHand,
  goTo,
  goToNeedsYou,
  moveAtHand,
  moveCursor,
  openCard,
  openDialog,
  peekCard,
  requestChangesAtHand,
  stepBack,
  stepInPanel,
  toggleSelected,
  undo,
} from './page-actions.js';
import type { KeyScope } from './read-key.js';

/** A thing that keys do. `keys`: alternatives, each one press or two after another; `Mod` is ⌘ or Ctrl. */
export interface KeyBinding {
  readonly id: string;
  readonly label: string;
  readonly keys: readonly string[];
  readonly scope: KeyScope;
  readonly group: 'Cards' | 'Page' | 'Go to';
  readonly run: (services: Services) => void;
}

const page = (id: string, label: string, keys: readonly string[], scope: KeyScope, run: KeyBinding['run']): KeyBinding => ({
  id,
  label,
  keys,
  scope,
  group: 'Page',
  run,
});
const card = (id: string, label: string, keys: readonly string[], scope: KeyScope, run: KeyBinding['run']): KeyBinding => ({
  ...page(id, label, keys, scope, run),
  group: 'Cards',
});
const go = (id: string, label: string, keys: readonly string[], run: KeyBinding['run']): KeyBinding => ({
  ...page(id, label, keys, 'free', run),
  group: 'Go to',
});

/** Every key of the page. */
export const keyTable: readonly KeyBinding[] = [
  page('palette', 'Search and commands', ['Mod K'], 'always', (services) => openDialog(services, { kind: 'palette' })),
  page('keys', 'All shortcuts', ['?'], 'free', (services) => openDialog(services, { kind: 'keys' })),
  page('search', 'Search cards', ['/'], 'free', () => focusSearch()),
  page('new-request', 'New request', ['C'], 'free', (services) => openDialog(services, { kind: 'new-request' })),
  page('undo', 'Undo', ['U'], 'free', undo),
  page('undo-mod', 'Undo', ['Mod Z'], 'free', undo),
  page('back', 'Close, cancel drag', ['Escape'], 'free', stepBack),
  page('previous', 'Previous file or turn', ['['], 'free', (services) => stepInPanel(services, -1)),
  page('next', 'Next file or turn', [']'], 'free', (services) => stepInPanel(services, 1)),
  card('left', 'Column to the left', ['H', 'ArrowLeft'], 'board', (services) => moveCursor(services, 'left')),
  card('down', 'Next card', ['J', 'ArrowDown'], 'board', (services) => moveCursor(services, 'down')),
  card('up', 'Previous card', ['K', 'ArrowUp'], 'board', (services) => moveCursor(services, 'up')),
  card('right', 'Column to the right', ['L', 'ArrowRight'], 'board', (services) => moveCursor(services, 'right')),
  card('open', 'Open', ['Enter'], 'board', openCard),
  card('peek', 'Peek', ['Space'], 'board', peekCard),
  card('approve', 'Approve', ['A'], 'free', approveAtHand),
  card('request-changes', 'Request changes', ['R'], 'free', requestChangesAtHand),
  card('needs-you', 'Next that needs you', ['N'], 'free', goToNeedsYou),
  card('move', 'Move, then a column’s number', ['M'], 'free', moveAtHand),
  card('select', 'Select', ['X'], 'board', (services) => toggleSelected(services, services.ui.getState().cursorId)),
  card('select-down', 'Select the next card too', ['Shift ArrowDown'], 'board', (services) => moveCursor(services, 'down', true)),
  card('select-up', 'Select the previous card too', ['Shift ArrowUp'], 'board', (services) => moveCursor(services, 'up', true)),
  // The drag itself belongs to the card that has the focus; here it is only listed.
  card('drag', 'Pick up to drag', ['D'], 'board', () => undefined),
  go('go-board', 'Board', ['G B'], (services) => goTo(services, 'board')),
  go('go-backlog', 'Backlog', ['G L'], (services) => goTo(services, 'backlog')),
  go('go-roster', 'Roster', ['G R'], (services) => goTo(services, 'roster')),
  go('go-sprints', 'Sprints', ['G S'], (services) => goTo(services, 'sprints')),
  go('go-insights', 'Insights', ['G I'], (services) => goTo(services, 'insights')),
];
