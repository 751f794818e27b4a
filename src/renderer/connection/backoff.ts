const firstMs = 250;
const longestMs = 10_000;

/**
 * How long to wait before try `attempt` (1 is the first again): doubled each time up to ten seconds, and up to a quarter less by
 * `chance` (0 to 1), so that many pages do not come back in one instant.
 */
export function backoffMs(attempt: number, chance: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.max(0, attempt - 1));
  return Math.round(full * (1 - chance / 4));
}
