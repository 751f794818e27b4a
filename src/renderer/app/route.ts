/** Places of the page that have an address of their own. */
export const pageIds = ['needs-you', 'board', 'backlog', 'requests', 'roster', 'sprints', 'insights'] as const;

export type PageId = (typeof pageIds)[number];

/** Pages that show one of their things beside the list of all. */
const itemPages: readonly PageId[] = ['requests', 'sprints'];

/** Stands in an address where a page has nothing chosen and a card is open. */
const nothing = '-';

/** Where the page is: a place, what is chosen there, and the card whose panel is open, with the part of it that shows. */
export interface Route {
  readonly page: PageId;
  /** The request or sprint that is chosen; null for the page's own choice. */
  readonly itemId?: string | null;
  readonly cardId: string | null;
  /** The part of the card that shows; missing or empty for the one that showed last. */
  readonly tab?: string;
}

/** The place that a fragment names: `#/backlog`, `#/board/todo-1/diff`, `#/sprints/S1/todo-1`; the board for anything else. */
export function parseRoute(fragment: string): Required<Route> {
  const [name = '', ...parts] = fragment
    .replace(/^#\/?/, '')
    .split('/')
    .map((part) => decodePart(part));
  const page = pageIds.find((id) => id === name);
  if (page === undefined) return { page: 'board', itemId: null, cardId: null, tab: '' };
  const [itemId = '', cardId = '', tab = ''] = itemPages.includes(page) ? parts : ['', ...parts];
  return { page, itemId: itemId === nothing ? null : orNull(itemId), cardId: orNull(cardId), tab };
}

const orNull = (text: string): string | null => (text === '' ? null : text);

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return '';
    throw error;
  }
}

/** The fragment of a place. */
export function routeText({ page, itemId = null, cardId, tab = '' }: Route): string {
  const item = itemPages.includes(page) && (itemId !== null || cardId !== null) ? [itemId ?? nothing] : [];
  const card = cardId === null ? [] : [cardId, ...(tab === '' || tab === 'overview' ? [] : [tab])];
  return `#/${[page, ...item, ...card].map(encodeURIComponent).join('/')}`;
}
