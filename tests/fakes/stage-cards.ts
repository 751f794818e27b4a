import type { LiveActivity } from '../../src/shared/contract/live-events.js';
import type { BoardCardView, SprintHeadView } from '../../src/shared/contract/board-views.js';
import type { RoleStatusView } from '../../src/shared/contract/views.js';
import { columnOfPlace } from '../../src/shared/domain/card-moves.js';
import type { Place } from '../../src/shared/domain/card-moves.js';
import { columns } from '../../src/shared/domain/board.js';

const minute = 60_000;

/** An instant so many minutes ago. */
export const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * minute).toISOString();

/** A sort key of work that started, or of work that waits, in the order of `place`. */
export const stageKey = (place: number, hasStarted: boolean): string =>
  `${hasStarted ? '0' : '1'} 8000000000000000 ${String(place).padStart(16, '0')} 2026-01-01 ${place}`;

/** A card of a place, with everything else as given or as it mostly is there. */
export function stageCard(id: string, place: Place, title: string, more: Partial<BoardCardView> = {}): BoardCardView {
  const isLanded = place === 'done' || place === 'approved' || place === 'review_by_person';
  const order = Number(/\d+$/.exec(id)?.[0] ?? 0);
  return {
    id,
    title,
    badges: isLanded ? ['verified'] : [],
    badgeReasons: {},
    waitingFor: '',
    column: columnOfPlace(place),
    status: place === 'todo' ? 'queued' : isLanded ? 'committed' : 'running',
    step: place === 'todo' ? 'planner_draft' : place === 'in_progress' ? 'developer_build' : 'qa_validation',
    owner: place === 'todo' ? 'planner' : place === 'in_progress' ? 'developer' : 'qa',
    revision: 1,
    priorityRank: 0,
    since: minutesAgo(3 + order),
    turnsSpent: 3,
    tokensSpent: 4_200,
    sortKey: stageKey(order, place !== 'todo'),
    place,
    needsPerson: place === 'done' || place === 'review_by_person',
    dependsOnOpen: [],
    receiptBadge: isLanded ? 'verified' : '',
    revert: '',
    commentCount: 0,
    ...more,
  };
}

/** A board with a card in every state that a card can be in. */
export const stageCards = (): readonly BoardCardView[] => [
  stageCard('todo-146', 'todo', 'Password reset mails carry the shop’s name', {
    badges: ['needs_fix'],
    badgeReasons: { needs_fix: 'use the legal name in the footer' },
    owner: 'developer',
    revision: 2,
    commentCount: 1,
    sortKey: stageKey(1, true),
    since: minutesAgo(2),
    waitingFor: 'waits for a free slot',
  }),
  stageCard('todo-147', 'todo', 'Rate-limit sign-in attempts per address', {
    waitingFor: 'waits for "Login form validates e-mail before it submits"',
    dependsOnOpen: ['todo-142'],
    since: minutesAgo(41),
  }),
  stageCard('todo-148', 'todo', 'Remember-me survives a browser restart', { waitingFor: 'waits for a free slot', since: minutesAgo(41) }),
  stageCard('todo-142', 'in_progress', 'Login form validates e-mail before it submits', {
    since: minutesAgo(4),
    waitingFor: 'developer: developer build',
  }),
  stageCard('todo-144', 'in_progress', 'Session cookie is renewed on activity', {
    status: 'blocked',
    owner: 'architect',
    step: 'architect_guidance',
    badges: ['blocked'],
    badgeReasons: { blocked: 'Which lifetime, 30 minutes or 8 hours?' },
    waitingFor: 'waits for you: which lifetime, 30 minutes or 8 hours?',
    needsPerson: true,
    since: minutesAgo(18),
  }),
  stageCard('todo-141', 'review_by_agents', 'Sign-up and sign-in share one form component', {
    owner: 'architect',
    step: 'architect_review',
    since: minutesAgo(1),
    waitingFor: 'architect: architect review',
  }),
  stageCard('todo-139', 'review_by_person', 'Locked accounts say why and for how long', {
    badges: ['waits_for_person', 'verified'],
    waitingFor: 'waits for you: review',
    since: minutesAgo(25),
    commentCount: 2,
  }),
  stageCard('todo-138', 'done', 'Wrong password keeps the typed e-mail', {
    waitingFor: 'waits for you: approve it or request changes',
    since: minutesAgo(31),
  }),
  stageCard('todo-137', 'done', 'Login page loads without the cart bundle', {
    receiptBadge: 'with_gaps',
    badges: ['with_gaps'],
    badgeReasons: { with_gaps: 'protected paths changed' },
    waitingFor: 'waits for you: approve it or request changes',
    since: minutesAgo(52),
  }),
  stageCard('todo-136', 'approved', 'Log-out ends every session of the person', { since: minutesAgo(61) }),
  stageCard('todo-135', 'approved', 'Form errors are read by screen readers', { since: minutesAgo(75), revision: 2, commentCount: 1 }),
  stageCard('todo-134', 'approved', 'Sign-in works without JavaScript', { since: minutesAgo(130) }),
];

/** A board of so many cards, over all columns. */
export function manyCards(count: number): readonly BoardCardView[] {
  const places: readonly Place[] = ['todo', 'in_progress', 'review_by_agents', 'done', 'approved'];
  return Array.from({ length: count }, (_, index) =>
    stageCard(`todo-${1_000 + index}`, places[index % places.length] ?? 'todo', `Card ${index} of many, with a title that takes two lines`),
  );
}

/** The head of a sprint with these cards. */
export const stageSprint = (cards: readonly BoardCardView[]): SprintHeadView => ({
  id: '261120-Sprint-09-00',
  name: 'Login cleanup',
  milestone: 'Login cleanup',
  status: 'running',
  phase: 'ongoing',
  planningStep: '',
  pausedReason: '',
  isStopping: false,
  startedAt: minutesAgo(130),
  endedAt: null,
  tally: Object.fromEntries(columns.map((column) => [column, cards.filter((card) => card.column === column).length])),
  turnsSpent: 41,
  tokensSpent: 18_200,
  tokensByRole: {},
});

const role = (name: string, more: Partial<RoleStatusView> = {}): RoleStatusView => ({
  role: name,
  isPublic: true,
  status: 'idle',
  subjectId: '',
  step: '',
  member: name,
  runner: 'codex',
  model: 'gpt-5.5',
  reasoning: 'medium',
  sessionId: '',
  ...more,
});

/** The public roster, two of them at work. */
export const stageRoles = (): readonly RoleStatusView[] => [
  role('orchestrator'),
  role('planner'),
  role('designer'),
  role('architect', { status: 'working', subjectId: 'todo-141', step: 'architect_review' }),
  role('developer', { status: 'working', subjectId: 'todo-142', step: 'developer_build' }),
  role('qa'),
];

/** What a running turn says. */
export const stageActivity = (subjectId: string, text: string): LiveActivity => ({
  kind: 'activity',
  turnId: `turn-${subjectId}`,
  subjectId,
  member: 'developer',
  isRehearsal: false,
  activity: 'command',
  text,
});
