import type { BacklogItemView } from '../../shared/contract/views.js';
import { compareBacklog } from '../../shared/domain/backlog.js';

/** What of the backlog is shown. */
export const backlogFilters = ['open', 'done', 'dropped', 'all'] as const;

export type BacklogFilter = (typeof backlogFilters)[number];

const isOver = ({ status }: BacklogItemView): boolean => status === 'done' || status === 'dropped';

const tests: Readonly<Record<BacklogFilter, (item: BacklogItemView) => boolean>> = {
  open: (item) => !isOver(item),
  done: ({ status }) => status === 'done',
  dropped: ({ status }) => status === 'dropped',
  all: () => true,
};

/** The items that are shown, in the order of work; what is over comes last. Every word of the search is in title, summary or id. */
export function backlogList(items: Iterable<BacklogItemView>, filter: BacklogFilter, search: string): BacklogItemView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = (item: BacklogItemView): boolean => {
    const text = `${item.id} ${item.title} ${item.summary}`.toLowerCase();
    return tests[filter](item) && words.every((word) => text.includes(word));
  };
  return [...items].filter(wanted).sort((a, b) => Number(isOver(a)) - Number(isOver(b)) || compareBacklog(a, b));
}
