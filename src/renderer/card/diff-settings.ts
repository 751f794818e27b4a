import { create } from 'zustand';

interface DiffSettings {
  readonly wrap: boolean;
  readonly split: boolean;
  /** Keys of files that were viewed, oldest first. */
  readonly viewed: readonly string[];
}

const drawerKey = 'muster.diff';
const mostViewed = 2_000;

function read(): DiffSettings {
  const fallback: DiffSettings = { wrap: true, split: false, viewed: [] };
  const text = localStorage.getItem(drawerKey);
  if (text === null) return fallback;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return fallback;
    const { wrap, split, viewed } = value as Record<string, unknown>;
    return {
      wrap: wrap !== false,
      split: split === true,
      viewed: Array.isArray(viewed) ? viewed.filter((key): key is string => typeof key === 'string') : [],
    };
  } catch (error) {
    if (error instanceof SyntaxError) return fallback;
    throw error;
  }
}

const diffStore = create<DiffSettings>(read);
diffStore.subscribe((now) => localStorage.setItem(drawerKey, JSON.stringify(now)));

/** A part of how diffs are shown, and which files were viewed; kept over reloads. */
export const useDiffSettings = <T>(select: (settings: DiffSettings) => T): T => diffStore(select);

export const setDiffSettings = (settings: Partial<Pick<DiffSettings, 'wrap' | 'split'>>): void => diffStore.setState(settings);

/** Marks a file as viewed, or takes the mark off. */
export function setViewed(key: string, isViewed: boolean): void {
  diffStore.setState(({ viewed }) => {
    const rest = viewed.filter((other) => other !== key);
    return { viewed: isViewed ? [...rest, key].slice(-mostViewed) : rest };
  });
}
