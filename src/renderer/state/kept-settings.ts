import { z } from 'zod';
import { filterIds, groupings } from '../board/card-filter.js';

/** Where a page keeps what is its reader's: `localStorage`, or a map in a test. */
export interface Drawer {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const drawerKey = 'muster';

/** What outlives a reload. Anything unknown or broken falls back to its default. */
const keptSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  density: z.enum(['comfortable', 'compact']).catch('comfortable'),
  groupBy: z.enum(groupings).catch('none'),
  filters: z.array(z.enum(filterIds)).readonly().catch([]),
  roleFilter: z.string().catch(''),
  singleKeys: z.boolean().catch(true),
  isSidebarOpen: z.boolean().catch(true),
  panelWidth: z.number().min(360).max(960).catch(440),
  panelTab: z.string().catch('overview'),
  cursorId: z.string().nullable().catch(null),
});

export type Kept = z.infer<typeof keptSchema>;

const keptKeys = Object.keys(keptSchema.shape) as (keyof Kept)[];

/** What was kept of the last visit. */
export function readKept(drawer: Drawer): Kept {
  return keptSchema.parse(parsed(drawer.getItem(drawerKey)));
}

function parsed(text: string | null): unknown {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Keeps what outlives a reload, where it changed. */
export function writeKept(drawer: Drawer, now: Kept, before: Kept): void {
  if (keptKeys.every((key) => now[key] === before[key])) return;
  drawer.setItem(drawerKey, JSON.stringify(Object.fromEntries(keptKeys.map((key) => [key, now[key]]))));
}
