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
  const { v: _version, ...old } = raw;
  return steps.slice(v - 1).reduce<Record<string, unknown>>((value, step) => step(value), old);
}

/** An event or effect as the journal keeps it: with the version of its shape. */
export type Versioned<T> = T & { readonly v: number };

/** For the journal: an event with the version of its shape, so that a later program knows what to make of it. */
export const stampEvent = (event: Event): Versioned<Event> => ({ v: eventVersions[event.type] ?? 1, ...event });

/** For the journal: an effect with the version of its shape. */
export const stampEffect = (effect: Effect): Versioned<Effect> => ({ v: effectVersions[effect.type] ?? 1, ...effect });

/** An event of any released version in its present shape, without its version; one without a version is of version 1. Throws a sentence for a newer one. */
export function upcastEvent(raw: Event): Event {
  return lift(
    'an event',
    raw as unknown as Record<string, unknown>,
    eventVersions[raw.type] ?? 1,
    eventUpcasters[raw.type] ?? [],
  ) as unknown as Event;
}

/** An effect of any released version in its present shape, without its version; one without a version is of version 1. Throws a sentence for a newer one. */
export function upcastEffect(raw: Effect): Effect {
  return lift(
    'an effect',
    raw as unknown as Record<string, unknown>,
    effectVersions[raw.type] ?? 1,
    effectUpcasters[raw.type] ?? [],
  ) as unknown as Effect;
}
