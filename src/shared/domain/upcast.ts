import type { Effect, EffectType } from './effect.js';
import type { Event, EventType } from './vocabulary.js';

type Upcaster = (old: Record<string, unknown>) => Record<string, unknown>;

/** Present version of each event and effect whose shape has changed since the first release; all others are at 1. */
export const eventVersions: { readonly [T in EventType]?: number } = {};
export const effectVersions: { readonly [T in EffectType]?: number } = {};

/** One step up per entry: index 0 makes version 2 of version 1. Never edited after a release; a new shape gets a new entry. */
const eventUpcasters: { readonly [T in EventType]?: readonly Upcaster[] } = {};
const effectUpcasters: { readonly [T in EffectType]?: readonly Upcaster[] } = {};

function lift(what: string, raw: Record<string, unknown>, current: number, steps: readonly Upcaster[]): Record<string, unknown> {
  const v = typeof raw['v'] === 'number' ? raw['v'] : 1;
  if (v > current)
    throw new Error(
      `The journal holds ${what} "${String(raw['type'])}" of version ${v}, and this Muster knows ${current}. Open the workspace with the newer Muster that wrote it.`,
    );
  return steps.slice(v - 1).reduce((value, step) => step(value), raw);
}

/** An event of any released version in its present shape. Throws a sentence for a newer one. */
export function upcastEvent(raw: Event): Event {
  return lift(
    'an event',
    raw as unknown as Record<string, unknown>,
    eventVersions[raw.type] ?? 1,
    eventUpcasters[raw.type] ?? [],
  ) as unknown as Event;
}

/** An effect of any released version in its present shape. Throws a sentence for a newer one. */
export function upcastEffect(raw: Effect): Effect {
  return lift(
    'an effect',
    raw as unknown as Record<string, unknown>,
    effectVersions[raw.type] ?? 1,
    effectUpcasters[raw.type] ?? [],
  ) as unknown as Effect;
}
