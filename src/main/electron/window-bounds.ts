/** A rectangle on the desktop, in device independent pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const smallestSize = { width: 720, height: 480 } as const;

const usualSize = { width: 1_360, height: 880 } as const;

/** So much of a window has to be on a display that a person can take hold of it. */
const seenPart = { width: 120, height: 60 } as const;

const overlap = (from: number, length: number, otherFrom: number, otherLength: number): number =>
  Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom);

const isSeen = (bounds: Bounds, area: Bounds): boolean =>
  overlap(bounds.x, bounds.width, area.x, area.width) >= seenPart.width &&
  overlap(bounds.y, bounds.height, area.y, area.height) >= seenPart.height &&
  // Its top is where it is taken hold of.
  bounds.y >= area.y - 1;

const between = (least: number, value: number, most: number): number => Math.max(Math.min(value, most), Math.min(least, most));

/**
 * Where the window opens: where it was, while that is on a display; else in the middle of the primary one. `areas`: the work areas of
 * the displays, the primary one first.
 */
export function windowBounds(kept: Bounds | null, areas: readonly [Bounds, ...Bounds[]]): Bounds {
  const home = kept === null ? undefined : areas.find((area) => isSeen(kept, area));
  const area = home ?? areas[0];
  const width = between(smallestSize.width, kept?.width ?? usualSize.width, area.width);
  const height = between(smallestSize.height, kept?.height ?? usualSize.height, area.height);
  if (kept !== null && home !== undefined) return { x: kept.x, y: kept.y, width, height };
  return { x: area.x + Math.round((area.width - width) / 2), y: area.y + Math.round((area.height - height) / 2), width, height };
}
