/** Places of the page that have an address of their own. */
export const pageIds = ['needs-you', 'board', 'backlog', 'requests', 'roster', 'sprints', 'insights'] as const;

export type PageId = (typeof pageIds)[number];

/** Where the page is: a place, and the card whose panel is open there. */
export interface Route {
  readonly page: PageId;
  readonly cardId: string | null;
}

/** The place that a fragment names: `#/backlog`, `#/board/todo-1`; the board for anything else. */
export function parseRoute(fragment: string): Route {
  const [page = '', cardId = ''] = fragment
    .replace(/^#\/?/, '')
    .split('/')
    .map((part) => decodePart(part));
  const known = pageIds.find((id) => id === page);
  return { page: known ?? 'board', cardId: known === undefined || cardId === '' ? null : cardId };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return '';
    throw error;
  }
}

/** The fragment of a place. */
export function routeText({ page, cardId }: Route): string {
  return cardId === null ? `#/${page}` : `#/${page}/${encodeURIComponent(cardId)}`;
}
