import type { TurnOutputView } from '../../shared/contract/work-views.js';

/** A page of output in bytes of the whole. */
interface Page {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** The part of a turn's output that this page of the browser holds: pages without a gap, oldest first. */
export interface OutputWindow {
  readonly pages: readonly Page[];
  /** Bytes of the whole output, as far as is known. */
  readonly size: number;
  readonly isLive: boolean;
}

/** More bytes than these are not held; what lies further away from what is read is let go, and asked for again when wanted. */
export const heldBytes = 512 * 1024;

const pageOf = ({ text, from, to }: TurnOutputView): Page => ({ text, from, to });

/** A window that begins with one page. */
export const openedAt = (page: TurnOutputView): OutputWindow => ({ pages: [pageOf(page)], size: page.size, isLive: page.isLive });

/** The byte where the window begins. */
export const startOf = ({ pages }: OutputWindow): number => pages[0]?.from ?? 0;

/** The byte where the window ends. */
export const endOf = ({ pages }: OutputWindow): number => pages.at(-1)?.to ?? 0;

/** Whether there is more above. */
export const hasMoreAbove = (window: OutputWindow): boolean => startOf(window) > 0;

/** Whether the end of the output is not in the window. */
export const hasMoreBelow = (window: OutputWindow): boolean => endOf(window) < window.size;

export const textOf = ({ pages }: OutputWindow): string => pages.map(({ text }) => text).join('');

const bytesOf = (pages: readonly Page[]): number => pages.reduce((sum, { from, to }) => sum + to - from, 0);

/** The window with the page that was asked for before its start. A page that does not touch it is a late answer: no change. */
export function withPageAbove(window: OutputWindow, page: TurnOutputView): OutputWindow {
  if (page.to !== startOf(window) || page.from === page.to) return window;
  let pages = [pageOf(page), ...window.pages];
  while (pages.length > 1 && bytesOf(pages) > heldBytes) pages = pages.slice(0, -1);
  return { ...window, pages, size: Math.max(window.size, page.size) };
}

/** The window with what was asked for after its end. A page that does not touch it is a late answer: only its size counts. */
export function withPageBelow(window: OutputWindow, page: TurnOutputView): OutputWindow {
  const known = { ...window, size: Math.max(window.size, page.size), isLive: page.isLive };
  if (page.from !== endOf(window) || page.from === page.to) return known;
  let pages = [...window.pages, pageOf(page)];
  while (pages.length > 1 && bytesOf(pages) > heldBytes) pages = pages.slice(1);
  return { ...known, pages };
}
