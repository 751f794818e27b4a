import type { AppClient } from '../../shared/contract/app-contract.js';
import type { CardView } from '../../shared/contract/card-views.js';
import { figuresOf } from './figures.js';
import type { Figures } from './figures.js';

/** So many cards are looked at; more would be asked for one by one. */
export const mostCards = 60;

const atOnce = 6;

/** Figures of a sprint, and of how many of its cards they are. */
export interface SprintFigures extends Figures {
  readonly name: string;
  readonly shown: number;
  readonly all: number;
}

/** Puts the figures of a sprint together from its newest cards. */
export async function loadFigures(client: AppClient, sprintId: string): Promise<SprintFigures> {
  const found = await client.show({ id: sprintId });
  if (found.kind !== 'sprint') return { ...figuresOf([], []), name: sprintId, shown: 0, all: 0 };
  const { todos, turns, name, milestone } = found.sprint;
  const ids = todos.slice(-mostCards).map(({ id }) => id);
  const cards: CardView[] = [];
  for (let at = 0; at < ids.length; at += atOnce) {
    const some = await Promise.all(ids.slice(at, at + atOnce).map((id) => client.show({ id })));
    for (const one of some) if (one.kind === 'todo') cards.push(one.card);
  }
  return { ...figuresOf(cards, turns), name: milestone === '' ? name : milestone, shown: cards.length, all: todos.length };
}
