/** How many cards of a sprint landed, of how many. */
export function tallyOf(tally: Readonly<Record<string, number>>): { readonly landed: number; readonly all: number } {
  const all = Object.values(tally).reduce((sum, count) => sum + count, 0);
  return { landed: (tally['done'] ?? 0) + (tally['approved'] ?? 0), all };
}
