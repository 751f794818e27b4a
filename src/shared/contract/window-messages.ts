/** What the preload posts to its page together with a port. */
export const portOffer = 'muster-port';

/** What the page posts to itself, where the preload hears it, whenever it needs a port. */
export const portWanted = 'muster-port-wanted';

/** Names of what goes between the window's own process and its preload. */
export const windowChannels = {
  portWanted: 'muster:port-wanted',
  port: 'muster:port',
  menuAction: 'muster:menu-action',
} as const;

/** What a menu of the window asks of its page, which knows how to do it. */
export const menuActionIds = [
  'new-request',
  'new-item',
  'workspaces',
  'settings',
  'keys',
  'palette',
  'theme-system',
  'theme-light',
  'theme-dark',
  'go-needs-you',
  'go-board',
  'go-backlog',
  'go-requests',
  'go-roster',
  'go-sprints',
  'go-insights',
  'start-sprint',
  'resume-sprint',
  'stop-sprint',
  'stop-all',
] as const;

export type MenuActionId = (typeof menuActionIds)[number];

/** The message by which the preload hands an action to its page. */
export interface MenuActionMessage {
  readonly kind: 'muster-menu-action';
  readonly action: MenuActionId;
}

/** Whether a value is the id of an action. */
export const isMenuActionId = (value: unknown): value is MenuActionId => menuActionIds.some((id) => id === value);

/** The action of a message that the page heard; null for any other message. */
export function menuActionIn(data: unknown): MenuActionId | null {
  if (typeof data !== 'object' || data === null || !('kind' in data) || !('action' in data)) return null;
  return data.kind === 'muster-menu-action' && isMenuActionId(data.action) ? data.action : null;
}
