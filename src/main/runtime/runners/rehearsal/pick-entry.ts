import type { TurnFacts } from '../../ports/runner.js';
import type { Rehearsal, RehearsalEntry } from './rehearsal-schema.js';

/** An entry and how long its turn takes. */
export interface PickedEntry {
  readonly entry: RehearsalEntry;
  readonly durationMs: number;
}

const isMatch = ({ when }: RehearsalEntry, facts: TurnFacts): boolean =>
  (Object.keys(when) as (keyof typeof when)[]).every((key) => when[key] === undefined || when[key] === facts[key]);

const weight = ({ when }: RehearsalEntry): number => Object.values(when).filter((value) => value !== undefined).length;

/** The entry for a turn: of the first layer in which any matches the most specific one, of equals the first. */
export function pickEntry(rehearsal: Rehearsal, facts: TurnFacts): PickedEntry | null {
  for (const { turns, durationMs } of mergedBases(rehearsal)) {
    const matching = turns.filter((turn) => isMatch(turn, facts));
    const entry = matching.reduce<RehearsalEntry | null>(
      (best, turn) => (best === null || weight(turn) > weight(best) ? turn : best),
      null,
    );
    if (entry) return { entry: filled(entry, facts) as RehearsalEntry, durationMs: entry.duration_ms ?? durationMs };
  }
  return null;
}

/** A rehearsal's own entries before all of its bases; among the bases the most specific decides, wherever it stands. */
function mergedBases({ layers }: Rehearsal): { readonly durationMs: number; readonly turns: readonly RehearsalEntry[] }[] {
  const [own, ...bases] = layers;
  const fallback = own?.durationMs ?? 0;
  const shared = bases.flatMap((base) =>
    base.turns.map((turn) => ({ ...turn, duration_ms: turn.duration_ms ?? (base.durationMs || fallback) })),
  );
  return [
    { durationMs: fallback, turns: own?.turns ?? [] },
    { durationMs: fallback, turns: shared },
  ];
}

/** `{{subject}}`, `{{revision}}`, … in any text of an entry become the turn's facts. */
function filled(value: unknown, facts: TurnFacts): unknown {
  if (typeof value === 'string') {
    return value.replace(/\{\{(scope|role|member|step|subject|revision|visit|purpose)\}\}/g, (_all, name: keyof TurnFacts) =>
      String(facts[name]),
    );
  }
  if (Array.isArray(value)) return value.map((entry) => filled(entry, facts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, filled(entry, facts)]));
}
