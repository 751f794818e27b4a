import type { CrashLine, KillPlan } from '../../src/main/cli/crash/killer.js';
import type { SeededChance } from './seeded-chance.js';

/** A place in the sprint's way where a run can be killed. */
export interface Reached {
  readonly point: string;
  readonly instance: string;
}

/** What is done to one run. */
export interface NextKill {
  readonly plan: KillPlan;
  /** The run is killed from outside after so many milliseconds, if it lives as long; null: not. */
  readonly afterMs: number | null;
}

/** Says where each run ends. */
export interface KillSource {
  next(): NextKill;
  /** To be told after each kill; null: by the clock. */
  killedAt(place: Reached | null): void;
}

/** Points that stand for moments when bytes reach the disk, and how often one is passed in a run of some seconds. */
const diskPoints: readonly (readonly [point: string, most: number])[] = [
  ['journal:torn', 20],
  ['journal:written', 20],
  ['journal:synced', 20],
  ['rename:before', 20],
  ['rename:after', 20],
];

/** An effect is killed no more often than this by plan, unless more kills are wanted than that gives; kills by the clock come on top. */
const killsPerEffect = 2;

/** With two todos at once, places come so much earlier or later than in an undisturbed run. */
const reordering = 6;

/** As a kill plan names a place. */
export const keyOf = ({ point, instance }: Reached): string => `${point} | ${instance}`;
const effectOf = ({ point, instance }: Reached): string => `${point.slice(0, point.indexOf(':'))} ${instance.split(',')[0] ?? ''}`;

/** Each place that a run passed, once, in order. */
export function placesIn(lines: readonly CrashLine[]): Reached[] {
  const seen = new Map<string, Reached>();
  for (const line of lines) if (line.t === 'reached' && !seen.has(keyOf(line))) seen.set(keyOf(line), line);
  return [...seen.values()];
}

/** Without the last two, so that there is another chance if a kill elsewhere lets an effect pass its place unseen. */
const earlyOnes = (places: readonly Reached[]): readonly Reached[] => (places.length > 3 ? places.slice(0, -2) : places);

/** The places to be killed at: each kind of point once, then any until there are enough. */
function choose(places: readonly Reached[], wanted: number, chance: SeededChance): Reached[] {
  const chosen = new Map<string, Reached>();
  const perEffect = new Map<string, number>();
  const take = (place: Reached, most: number): boolean => {
    const soFar = perEffect.get(effectOf(place)) ?? 0;
    if (chosen.has(keyOf(place)) || soFar >= most) return false;
    perEffect.set(effectOf(place), soFar + 1);
    chosen.set(keyOf(place), place);
    return true;
  };
  for (const point of new Set(places.map((place) => place.point)))
    chance.shuffled(earlyOnes(places.filter((place) => place.point === point))).some((place) => take(place, killsPerEffect));
  for (let most = killsPerEffect; chosen.size < Math.min(wanted, places.length); most += 1)
    for (const place of chance.shuffled(places)) if (chosen.size < wanted) take(place, most);
  return places.filter((place) => chosen.has(keyOf(place)));
}

/** Decides from a seed where each run ends: at chosen places, in the middle of disk writes, and by the clock. */
export class KillSchedule implements KillSource {
  readonly #chance: SeededChance;
  readonly #left: Map<string, Reached>;
  /** In the order of an undisturbed run. */
  readonly #order: readonly Reached[];
  #furthest = 0;
  /** Kinds of points at which no run has ended yet. */
  readonly #uncovered: Set<string>;
  #chancesLeft: number;

  constructor(options: {
    /** Of an undisturbed run. */
    readonly lines: readonly CrashLine[];
    readonly kills: number;
    readonly chance: SeededChance;
  }) {
    this.#chance = options.chance;
    const chosen = choose(placesIn(options.lines), Math.ceil(options.kills * 0.85), options.chance);
    this.#order = chosen;
    this.#uncovered = new Set(chosen.map(({ point }) => point));
    this.#left = new Map(chosen.map((place) => [keyOf(place), place]));
    this.#chancesLeft = Math.ceil(options.kills * 0.35);
  }

  next(): NextKill {
    const targets = [...this.#left.keys(), ...this.#missed().map((point) => `${point} | *`)];
    if (this.#chancesLeft === 0 || this.#chance.next() < 0.25) return { plan: { targets, chance: null }, afterMs: null };
    if (this.#chance.next() < 0.5) return { plan: { targets, chance: null }, afterMs: this.#chance.between(150, 2_500) };
    const [point, most] = this.#chance.pick(diskPoints);
    return { plan: { targets, chance: { point, nth: this.#chance.between(1, most) } }, afterMs: null };
  }

  /** Kinds of points at which no run has ended, though the sprint is past the places that were chosen for them. */
  #missed(): string[] {
    const ahead = new Set(this.#order.slice(Math.max(0, this.#furthest - reordering)).filter((place) => this.#left.has(keyOf(place))));
    return [...this.#uncovered].filter((point) => ![...ahead].some((place) => place.point === point));
  }

  killedAt(place: Reached | null): void {
    if (place !== null) {
      this.#uncovered.delete(place.point);
      this.#furthest = Math.max(
        this.#furthest,
        this.#order.findIndex((chosen) => keyOf(chosen) === keyOf(place)),
      );
    }
    if (place === null || !this.#left.delete(keyOf(place))) this.#chancesLeft = Math.max(0, this.#chancesLeft - 1);
  }
}

/** Ends a run at each of these places once, in whatever order they are reached. */
export class EachOnce implements KillSource {
  readonly #left: Set<string>;

  constructor(places: readonly Reached[]) {
    this.#left = new Set(places.map(keyOf));
  }

  next(): NextKill {
    return { plan: { targets: [...this.#left], chance: null }, afterMs: null };
  }

  killedAt(place: Reached | null): void {
    if (place !== null) this.#left.delete(keyOf(place));
  }
}
