import type { CardView, TurnView } from '../../shared/contract/card-views.js';
import { dayOf } from '../../shared/kernel/time.js';

/** Turns and tokens of something. */
export interface Spent {
  readonly name: string;
  readonly turns: number;
  readonly tokens: number;
}

/** How long the turns of a step took. */
export interface StepTime {
  readonly step: string;
  readonly medianMs: number;
  readonly totalMs: number;
  readonly turns: number;
}

/** What the cards of a sprint say in figures; nothing in it is estimated. */
export interface Figures {
  readonly byRole: readonly Spent[];
  readonly byDay: readonly Spent[];
  readonly byCard: readonly (Spent & { readonly id: string })[];
  readonly bySteps: readonly StepTime[];
  /** Milliseconds from a card's first turn until it landed, shortest first; cards that have not landed are left out. */
  readonly cycleMs: readonly number[];
  readonly landed: number;
  readonly landedInFirst: number;
  readonly verified: number;
}

const landedStatuses: readonly string[] = ['committed', 'completed'];
const tokensOf = ({ tokens }: TurnView): number => tokens.input + tokens.output;

/** The middle value of some numbers; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

function spentBy(turns: readonly TurnView[], nameOf: (turn: TurnView) => string): Spent[] {
  const spent = new Map<string, { turns: number; tokens: number }>();
  for (const turn of turns) {
    const sum = spent.get(nameOf(turn)) ?? { turns: 0, tokens: 0 };
    spent.set(nameOf(turn), { turns: sum.turns + 1, tokens: sum.tokens + tokensOf(turn) });
  }
  return [...spent].map(([name, sum]) => ({ name, ...sum }));
}

function stepTimes(turns: readonly TurnView[]): StepTime[] {
  const times = new Map<string, number[]>();
  for (const { step, startedAt, endedAt } of turns)
    if (startedAt !== null && endedAt !== null) times.set(step, [...(times.get(step) ?? []), Date.parse(endedAt) - Date.parse(startedAt)]);
  return [...times].map(([step, all]) => ({
    step,
    medianMs: median(all),
    totalMs: all.reduce((sum, ms) => sum + ms, 0),
    turns: all.length,
  }));
}

/** The figures of some cards and of the turns that belong to no card. */
export function figuresOf(cards: readonly CardView[], otherTurns: readonly TurnView[]): Figures {
  const turns = [...cards.flatMap((card) => card.turns), ...otherTurns].filter(({ startedAt }) => startedAt !== null);
  const landed = cards.filter(({ status }) => landedStatuses.includes(status));
  return {
    byRole: spentBy(turns, ({ role }) => role).sort((a, b) => b.tokens - a.tokens || b.turns - a.turns),
    byDay: spentBy(turns, ({ startedAt }) => dayOf(startedAt ?? '')).sort((a, b) => (a.name < b.name ? -1 : 1)),
    byCard: cards
      .map(({ id, title, turnsSpent, tokensSpent }) => ({ id, name: title, turns: turnsSpent, tokens: tokensSpent }))
      .sort((a, b) => b.tokens - a.tokens || b.turns - a.turns),
    bySteps: stepTimes(turns).sort((a, b) => b.totalMs - a.totalMs),
    cycleMs: landed
      .flatMap(({ startedAt, endedAt }) => (startedAt !== null && endedAt !== null ? [Date.parse(endedAt) - Date.parse(startedAt)] : []))
      .sort((a, b) => a - b),
    landed: landed.length,
    landedInFirst: landed.filter(({ revision }) => revision === 1).length,
    verified: landed.filter(({ receiptBadge }) => receiptBadge === 'verified').length,
  };
}
