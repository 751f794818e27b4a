import type { Theme } from '../state/ui-store.js';

/** Shows the page in a theme; `system` follows the system by itself, in the style sheet. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
