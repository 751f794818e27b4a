/** The attribute under which a card's element is found. */
export const cardAttribute = 'data-card';

/**
 * Gives a card the focus once it is drawn: a column draws what is in sight, so it may have to scroll there first. Does nothing
 * while the reader is in a field.
 */
export function focusCard(id: string, tries = 8): void {
  const element = document.querySelector<HTMLElement>(`[${cardAttribute}="${CSS.escape(id)}"]`);
  if (element !== null) {
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  // A panel over the page that is about to close still keeps the focus away.
  if ((element === null || document.activeElement !== element) && tries > 0) requestAnimationFrame(() => focusCard(id, tries - 1));
}

/** The card that has the focus itself, not something in it; null when none has. */
export const focusedCardId = (): string | null => document.activeElement?.getAttribute(cardAttribute) ?? null;

/** Gives the search field the focus. */
export function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  field?.focus();
  field?.select();
}

/** Gives the open panel the focus, once it is drawn. */
export function focusPanel(tries = 30): void {
  const tab = document.querySelector<HTMLElement>('aside [role="tab"][data-state="active"]');
  if (tab !== null) tab.focus();
  else if (tries > 0) requestAnimationFrame(() => focusPanel(tries - 1));
}
