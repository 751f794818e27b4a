export type Direction = 'left' | 'right' | 'up' | 'down';

/** What is in sight: the ids of each column, left to right. */
export type Sight = readonly (readonly string[])[];

interface Spot {
  readonly column: number;
  readonly row: number;
}

function spotOf(sight: Sight, id: string | null): Spot | null {
  if (id === null) return null;
  for (const [column, ids] of sight.entries()) {
    const row = ids.indexOf(id);
    if (row !== -1) return { column, row };
  }
  return null;
}

const firstId = (sight: Sight): string | null => sight.find((ids) => ids.length > 0)?.[0] ?? null;

/** The card beside the present one: up and down stay in the column, left and right skip empty columns. Without a present one, the first. */
export function nextCursor(sight: Sight, id: string | null, direction: Direction): string | null {
  const spot = spotOf(sight, id);
  if (spot === null) return firstId(sight);
  if (direction === 'up' || direction === 'down') {
    const row = spot.row + (direction === 'down' ? 1 : -1);
    return sight[spot.column]?.[row] ?? id;
  }
  const by = direction === 'right' ? 1 : -1;
  for (let column = spot.column + by; column >= 0 && column < sight.length; column += by) {
    const ids = sight[column] ?? [];
    if (ids.length > 0) return ids[Math.min(spot.row, ids.length - 1)] ?? id;
  }
  return id;
}

/** The next card that waits for a person, after the present one and round again; null when none does. */
export function nextNeedsYou(waiting: readonly string[], id: string | null): string | null {
  if (waiting.length === 0) return null;
  const at = id === null ? -1 : waiting.indexOf(id);
  return waiting[(at + 1) % waiting.length] ?? null;
}
