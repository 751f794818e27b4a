import type { BoardCardView } from '../../shared/contract/board-views.js';
import { planMove } from '../../shared/domain/card-moves.js';
import { approveCards } from '../board/bulk-commands.js';
import { besideCard } from '../board/card-words.js';
import { nextCursor, nextNeedsYou } from '../board/cursor.js';
import type { Direction } from '../board/cursor.js';
import { beginMove, factsOf, undoLast } from '../board/move-flow.js';
import { sightOf } from '../board/sight.js';
import { setComposer } from '../card/card-drafts.js';
import { refuse } from '../state/give-command.js';
import type { Services } from '../state/services.js';
import type { OpenDialog, Theme } from '../state/ui-store.js';
import { focusCard, focusedCardId, focusPanel } from './focus-card.js';
import type { PageId } from './route.js';

/** The card that a key acts on: the one that has the focus, else the open one, else the one under the cursor. */
export function cardAtHand({ views, ui }: Services): BoardCardView | undefined {
  const { openCardId, cursorId } = ui.getState();
  return views.getState().cards.get(focusedCardId() ?? openCardId ?? cursorId ?? '');
}

export const openDialog = ({ ui }: Services, dialog: OpenDialog): void => ui.setState({ dialog });

/** Goes to a page; the panel of a card stays open only where its card is in sight. */
export const goTo = ({ ui }: Services, page: PageId): void =>
  ui.setState(({ openCardId }) => ({ page, openCardId: page === 'board' || page === 'needs-you' ? openCardId : null }));

/** Moves the cursor; an open panel goes along, as does a selection that is being made. */
export function moveCursor(services: Services, direction: Direction, isSelecting = false): void {
  const { ui } = services;
  const { cursorId, openCardId, selected } = ui.getState();
  const next = nextCursor(sightOf(services), cursorId, direction);
  if (next === null) return;
  const both = isSelecting ? [cursorId ?? next, next] : [];
  ui.setState({
    cursorId: next,
    openCardId: openCardId === null ? null : next,
    ...(isSelecting ? { selected: new Set([...selected, ...both]) } : {}),
  });
  focusCard(next);
}

function showCard({ ui, views }: Services): boolean {
  const { cursorId } = ui.getState();
  if (cursorId === null || !views.getState().cards.has(cursorId)) return false;
  ui.setState({ openCardId: cursorId });
  return true;
}

/** Opens the panel of the card under the cursor, and goes there. */
export function openCard(services: Services): void {
  if (showCard(services)) focusPanel();
}

/** Opens the panel to look, or closes it again; the cursor stays on the board. */
export function peekCard(services: Services): void {
  const { openCardId, cursorId } = services.ui.getState();
  if (openCardId !== null && openCardId === cursorId) services.ui.setState({ openCardId: null });
  else showCard(services);
}

export function approveAtHand(services: Services): void {
  const { selected } = services.ui.getState();
  if (selected.size > 0) return void approveCards(services, [...selected]);
  const card = cardAtHand(services);
  if (card !== undefined) beginMove(services, card, 'approved');
}

/** Asks for changes on the card at hand; where its place allows none, says why. */
export function requestChangesAtHand(services: Services): void {
  const card = cardAtHand(services);
  if (card === undefined) return;
  const plan = planMove(factsOf(card), 'todo');
  if (plan.ok && plan.value.steps.includes('request-changes')) {
    if (services.ui.getState().openCardId === card.id) return setComposer(card.id, 'request-changes');
    return beginMove(services, card, 'todo');
  }
  const why = planMove(factsOf(card), 'approved');
  refuse(services.ui, card.id, why.ok ? '' : besideCard(why.error.message, card));
}

export function moveAtHand(services: Services): void {
  const card = cardAtHand(services);
  if (card !== undefined) openDialog(services, { kind: 'move-to', cardId: card.id });
}

export function toggleSelected({ ui }: Services, id: string | null): void {
  if (id === null) return;
  const selected = new Set(ui.getState().selected);
  if (!selected.delete(id)) selected.add(id);
  ui.setState({ selected });
}

/** Goes to the next card that waits for a person, and opens it. */
export function goToNeedsYou({ ui, views }: Services): void {
  const { page, cursorId } = ui.getState();
  const next = nextNeedsYou(views.getState().needsYou, cursorId);
  if (next === null) return ui.setState({ page: 'needs-you', openCardId: null });
  ui.setState({ page: page === 'needs-you' ? page : 'board', cursorId: next, openCardId: next });
  focusCard(next);
}

/** Closes what is open, the nearest first: reasons of refusals, the selection, the panel, the search. */
export function stepBack({ ui }: Services): void {
  const { refusals, selected, openCardId, search, cursorId } = ui.getState();
  if (Object.keys(refusals).length > 0) ui.setState({ refusals: {} });
  else if (selected.size > 0) ui.setState({ selected: new Set() });
  else if (openCardId !== null) ui.setState({ openCardId: null });
  else if (search !== '') ui.setState({ search: '' });
  if (cursorId !== null) focusCard(cursorId);
}

export const undo = (services: Services): void => void undoLast(services);

/** Tells an open panel to show the previous or next file or turn. */
export const stepInPanel = ({ ui }: Services, by: 1 | -1): void =>
  ui.setState(({ panelStep }) => ({ panelStep: { by, count: panelStep.count + 1 } }));

export const setTheme = ({ ui }: Services, theme: Theme): void => ui.setState({ theme });
