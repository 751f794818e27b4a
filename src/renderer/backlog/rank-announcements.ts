import type { Announcements } from '@dnd-kit/core';
import type { BacklogItemView } from '../../shared/contract/views.js';
import { enPages } from '../i18n/en-pages.js';

/** What a screen reader hears while an item of the backlog is carried: its title and the place, counted from 1. */
export function rankAnnouncements(items: readonly BacklogItemView[]): Announcements {
  const text = enPages.backlog.carried;
  const placeOf = (id: string | number): number => items.findIndex((item) => item.id === id) + 1;
  const titleOf = (id: string | number): string => items.find((item) => item.id === id)?.title ?? '';
  return {
    onDragStart: ({ active }) => text.lifted(titleOf(active.id), placeOf(active.id), items.length),
    onDragOver: ({ active, over }) => (over === null ? undefined : text.over(titleOf(active.id), placeOf(over.id), items.length)),
    onDragEnd: ({ active, over }) =>
      over === null || over.id === active.id ? text.back(titleOf(active.id)) : text.dropped(titleOf(active.id), placeOf(over.id)),
    onDragCancel: ({ active }) => text.back(titleOf(active.id)),
  };
}
