import type { LiveChange } from '../../shared/contract/live-events.js';
import type { BoardCardView, SprintHeadView } from '../../shared/contract/board-views.js';
import { withCard, withoutCard } from './card-order.js';
import type { Columns } from './card-order.js';
import type { FeedLine, ViewState } from './view-store.js';

/** So many sentences are kept for the page. */
const feedLength = 200;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Changes = Partial<Writable<ViewState>>;

/** What a change of the stream makes of the state: costs what the change has in it, whatever is on the board. */
export function applyChange(state: ViewState, change: LiveChange): Changes {
  const next: Changes = { version: state.version + 1, seq: change.seq, halt: change.halt };
  const board = applyCards(state, change);
  if (board.columns !== state.columns) next.columns = board.columns;
  if (board.needsYou !== state.needsYou) next.needsYou = board.needsYou;
  putAll(state.backlog, change.backlogItems, change.goneBacklogItems);
  putAll(state.requests, change.requests, []);
  if (change.roles.length > 0) next.roles = replaceById(state.roles, change.roles, ({ role }) => role);
  const heads = [...change.sprintHeads, ...(change.sprint === null ? [] : [change.sprint])];
  if (heads.length > 0) next.sprints = withHeads(state.sprints, heads);
  if (change.sprint !== null) next.sprint = change.sprint;
  if (change.problems !== null) next.problems = change.problems;
  if (change.turns !== null) {
    next.turns = change.turns;
    dropActivity(state, new Set(change.turns.map(({ subjectId }) => subjectId)));
  }
  if (change.spend !== null) next.spend = change.spend;
  if (change.isTrusted !== null && state.facts !== null) next.facts = { ...state.facts, isTrusted: change.isTrusted };
  if (change.lines.length > 0) next.feed = [...state.feed, ...feedLines(change)].slice(-feedLength);
  touch(state, change);
  return next;
}

function applyCards(state: ViewState, change: LiveChange): { readonly columns: Columns; readonly needsYou: readonly string[] } {
  const cards = state.cards as Map<string, BoardCardView>;
  let { columns, needsYou } = state;
  for (const id of change.goneCards) {
    const old = cards.get(id);
    if (old === undefined) continue;
    columns = withoutCard(columns, cards, old);
    needsYou = needsYou.filter((other) => other !== id);
    cards.delete(id);
  }
  for (const card of change.cards) {
    const old = cards.get(card.id);
    const hasMoved = old?.column !== card.column || old.sortKey !== card.sortKey;
    if (hasMoved && old !== undefined) columns = withoutCard(columns, cards, old);
    if (hasMoved) columns = withCard(columns, cards, card);
    cards.set(card.id, card);
    if (card.needsPerson !== (old?.needsPerson ?? false))
      needsYou = card.needsPerson ? [...needsYou, card.id] : needsYou.filter((id) => id !== card.id);
  }
  return { columns, needsYou };
}

function putAll<T extends { readonly id: string }>(map: ReadonlyMap<string, T>, changed: readonly T[], gone: readonly string[]): void {
  const own = map as Map<string, T>;
  for (const item of changed) own.set(item.id, item);
  for (const id of gone) own.delete(id);
}

function replaceById<T>(all: readonly T[], changed: readonly T[], idOf: (item: T) => string): readonly T[] {
  const byId = new Map(changed.map((item) => [idOf(item), item]));
  const kept = all.map((item) => byId.get(idOf(item)) ?? item);
  const known = new Set(all.map(idOf));
  return [...kept, ...changed.filter((item) => !known.has(idOf(item)))];
}

function withHeads(sprints: readonly SprintHeadView[], heads: readonly SprintHeadView[]): readonly SprintHeadView[] {
  const isNew = heads.some(({ id }) => !sprints.some((sprint) => sprint.id === id));
  const all = replaceById(sprints, heads, ({ id }) => id);
  return isNew ? all.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1)) : all;
}

const feedLines = (change: LiveChange): FeedLine[] => change.lines.map((line) => ({ seq: change.seq, at: change.at, ...line }));

function dropActivity(state: ViewState, running: ReadonlySet<string>): void {
  const activity = state.activity as Map<string, unknown>;
  for (const id of activity.keys()) if (!running.has(id)) activity.delete(id);
}

function touch(state: ViewState, change: LiveChange): void {
  const touched = state.touched as Map<string, number>;
  const lists = [change.cards, change.backlogItems, change.requests, change.sprintHeads];
  for (const list of lists) for (const { id } of list) touched.set(id, change.seq);
  for (const id of [...change.goneCards, ...change.goneBacklogItems]) touched.set(id, change.seq);
  for (const { subjectId } of change.lines) if (subjectId !== '') touched.set(subjectId, change.seq);
  if (change.sprint !== null) touched.set(change.sprint.id, change.seq);
}
