import { Connection } from '../connection/connection.js';
import { pageSurroundings } from '../connection/connection-state.js';
import { PortCarrier } from '../connection/port-carrier.js';
import { WebCarrier } from '../connection/web-carrier.js';
import { codeOf } from '../connection/session-code.js';
import { clearPending } from '../state/give-command.js';
import { writeKept } from '../state/kept-settings.js';
import { LiveWriter } from '../state/live-writer.js';
import { loadHost, loadViews } from '../state/load-views.js';
import type { Services } from '../state/services.js';
import { createUiStore } from '../state/ui-store.js';
import type { UiState, UiStore } from '../state/ui-store.js';
import { createViewStore } from '../state/view-store.js';
import { leaveWorkspace } from './leave-workspace.js';
import { parseRoute, routeText } from './route.js';
import { applyTheme } from './theme.js';
import { followWindowMenu } from './window-actions.js';

/** The window marks its page; a browser has a socket. */
const isInWindow = (): boolean => location.protocol !== 'http:' && location.protocol !== 'https:';

/** Builds what the page stands on and begins to follow the runtime. */
export function startPage(): Services {
  const views = createViewStore();
  const ui = createUiStore(localStorage);
  const writer = new LiveWriter(views);
  const connection = new Connection(
    isInWindow() ? new PortCarrier() : new WebCarrier(),
    {
      onState: (state) => views.setState({ connection: state }),
      loadHost: (client) => loadHost(client, views),
      loadViews: (client) => loadViews(client, views),
      onEvent: writer.write,
    },
    pageSurroundings,
  );
  applyTheme(ui.getState().theme);
  ui.subscribe((now, before) => {
    writeKept(localStorage, now, before);
    if (now.theme !== before.theme) applyTheme(now.theme);
  });
  views.subscribe((now, before) => now.seq !== before.seq && clearPending(ui, now.seq));
  views.subscribe((now, before) => leaveWorkspace(ui, now.workspaces?.current ?? null, before.workspaces?.current ?? null));
  const services = { views, ui, connection, client: connection.client };
  followAddress(ui);
  if (isInWindow()) followWindowMenu(services);
  void connection.run();
  return services;
}

/** The address names the page and the open card, so that back, forward and a link work. */
function followAddress(ui: UiStore): void {
  const read = (): void => {
    if (codeOf(location.hash) !== null) return;
    const { page, itemId, cardId, tab } = parseRoute(location.hash);
    ui.setState((old) => ({
      page,
      openCardId: cardId,
      cursorId: cardId ?? old.cursorId,
      ...(tab === '' ? {} : { panelTab: tab }),
      ...(itemId === null ? {} : { chosen: { ...old.chosen, [page]: itemId } }),
    }));
  };
  read();
  window.addEventListener('hashchange', () => {
    // A new link that was opened in the place of this page: it is a way in, not a place on the page.
    if (codeOf(location.hash) !== null) location.reload();
    else read();
  });
  ui.subscribe((now, before) => {
    const wanted = addressOf(now);
    if (wanted === addressOf(before) || codeOf(location.hash) !== null || location.hash === wanted) return;
    // A panel that goes along with the cursor, and another part of a card, are no steps back.
    if (now.page === before.page && now.openCardId !== null && before.openCardId !== null) history.replaceState(null, '', wanted);
    else history.pushState(null, '', wanted);
  });
}

const addressOf = ({ page, chosen, openCardId, panelTab }: UiState): string =>
  routeText({ page, itemId: chosen[page] ?? null, cardId: openCardId, tab: panelTab });
