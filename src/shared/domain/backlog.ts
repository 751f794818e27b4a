import type { Instant } from '../kernel/time.js';
import { newBacklogId } from '../kernel/ids.js';
import type { ProposedBacklogItem } from './report.js';
import type { BacklogItem, BacklogStatus, State, Todo } from './state.js';
import type { BacklogFields, DecideContext, Event } from './vocabulary.js';

/** What makes two items the same piece of work: lower-cased, white space collapsed (sprint-runtime 4.4, without the hash). */
export const backlogFingerprint = (title: string, scope: string, kind: string): string =>
  [title, scope, kind].map((part) => part.toLowerCase().replace(/\s+/g, ' ').trim()).join('|');

const kindOrder: readonly string[] = ['bug', 'feature', 'enhancement', 'chore'];

/** What the order of work goes by. */
export type BacklogOrder = Pick<BacklogItem, 'reworkOf' | 'priorityRank' | 'source' | 'createdAt'> & { readonly kind: string };

/** Order of work: rework first, then rank (1 first, none last), source, kind, age. Equals stay in the order in which they were added. */
export function compareBacklog(a: BacklogOrder, b: BacklogOrder): number {
  const key = (item: BacklogOrder): (number | string)[] => [
    item.reworkOf ? 0 : 1,
    item.priorityRank > 0 ? item.priorityRank : Number.MAX_SAFE_INTEGER,
    item.source === 'user' ? 0 : 1,
    kindOrder.indexOf(item.kind),
    item.createdAt,
  ];
  const left = key(a);
  const right = key(b);
  for (const [index, value] of left.entries()) {
    const other = right[index];
    if (other !== undefined && value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** A new pending item; what is not given is empty. */
export function newBacklogItem(
  fields: BacklogFields & { readonly title: string },
  source: string,
  ctx: { readonly now: Instant; readonly backlogId: string },
): BacklogItem {
  const title = fields.title.replace(/\s+/g, ' ').trim();
  const kind = fields.kind ?? 'enhancement';
  const scope = fields.scope ?? '';
  return {
    backlogId: ctx.backlogId,
    title,
    summary: fields.summary ?? '',
    kind,
    source,
    scope,
    acceptanceCriteria: [...(fields.acceptanceCriteria ?? [])],
    milestoneTitle: fields.milestoneTitle ?? '',
    priorityRank: fields.priorityRank ?? 0,
    dependsOn: [...(fields.dependsOn ?? [])],
    plannedInSprintId: '',
    selectedInSprintId: '',
    completedInSprintId: '',
    addedDuringActiveSprint: false,
    status: 'pending',
    origin: { milestoneRef: '', requirementRefs: [], specRefs: [], requestId: '' },
    reworkOf: '',
    blockedReason: '',
    blockedByRole: '',
    requiredInputs: [],
    recommendedNextStep: '',
    droppedReason: '',
    fingerprint: backlogFingerprint(title, scope, kind),
    createdAt: ctx.now,
    updatedAt: ctx.now,
  };
}

/** The item that a name (id or title, any case) stands for. */
export function findBacklogItem(items: Iterable<BacklogItem>, name: string): BacklogItem | undefined {
  const wanted = name.trim().toLowerCase();
  let byTitle: BacklogItem | undefined;
  for (const item of items) {
    if (item.backlogId === name) return item;
    if (item.title.toLowerCase() === wanted && item.status !== 'dropped') byTitle = item;
  }
  return byTitle;
}

/** What a merge of proposals would do: events, and the items as they will be. */
export interface BacklogMerge {
  readonly events: Event[];
  readonly items: BacklogItem[];
  /** Sentences on what was left out. */
  readonly notes: string[];
}

/**
 * Merges a planner's proposals into the backlog (sprint-runtime 4.4, 5.7): matched by id, else by fingerprint, else new. Only what is
 * given overwrites. `sprintId` marks items as planned in that sprint unless they say otherwise.
 */
export function mergeProposals(
  state: State,
  proposals: readonly ProposedBacklogItem[],
  from: { readonly sprintId: string; readonly source: string; readonly requestId: string },
  ctx: DecideContext,
): BacklogMerge {
  const touched = new Map<string, { item: BacklogItem; isNew: boolean }>();
  const notes: string[] = [];
  for (const proposal of proposals) {
    const known = matching(state, touched, proposal);
    if (known && ['done', 'dropped'].includes(known.status)) {
      notes.push(`The proposal "${proposal.title}" was left out: ${known.backlogId} is ${known.status}.`);
      continue;
    }
    const base =
      known ?? newBacklogItem({ title: proposal.title }, from.source, { now: ctx.now, backlogId: newBacklogId(ctx.ids, ctx.now) });
    const isNew = known === undefined || touched.get(known.backlogId)?.isNew === true;
    touched.set(base.backlogId, { item: withProposal(base, proposal, from), isNew });
  }
  const merged = [...touched.values()];
  const pool = [...merged.map(({ item }) => item), ...Object.values(state.backlog)];
  for (const { item } of merged) resolveDependencies(item, pool, notes);
  return { events: merged.map(({ item, isNew }) => mergeEvent(state, item, isNew, ctx)), items: merged.map(({ item }) => item), notes };
}

function matching(
  state: State,
  touched: ReadonlyMap<string, { item: BacklogItem }>,
  proposal: ProposedBacklogItem,
): BacklogItem | undefined {
  if (proposal.backlogId) return touched.get(proposal.backlogId)?.item ?? state.backlog[proposal.backlogId];
  const fingerprint = backlogFingerprint(proposal.title, proposal.scope ?? '', proposal.kind ?? 'enhancement');
  const candidates = [...[...touched.values()].map(({ item }) => item), ...Object.values(state.backlog)].filter(
    (item) => item.status !== 'dropped' && item.status !== 'done',
  );
  return (
    candidates.find((item) => item.fingerprint === fingerprint) ??
    candidates.find((item) => item.title.toLowerCase() === proposal.title.trim().toLowerCase())
  );
}

function withProposal(
  item: BacklogItem,
  proposal: ProposedBacklogItem,
  from: { readonly sprintId: string; readonly requestId: string },
): BacklogItem {
  const { origin } = proposal;
  const kind = proposal.kind ?? item.kind;
  const scope = proposal.scope ?? item.scope;
  const isPlanned = from.sprintId !== '' && proposal.plannedInSprint !== false;
  return {
    ...item,
    title: proposal.title.trim() || item.title,
    summary: proposal.summary ?? item.summary,
    kind,
    scope,
    acceptanceCriteria: proposal.acceptanceCriteria ? [...proposal.acceptanceCriteria] : item.acceptanceCriteria,
    priorityRank: proposal.priorityRank ?? item.priorityRank,
    dependsOn: proposal.dependsOn ? [...proposal.dependsOn] : item.dependsOn,
    milestoneTitle: proposal.milestoneTitle ?? item.milestoneTitle,
    plannedInSprintId: proposal.plannedInSprint === false ? '' : isPlanned ? from.sprintId : item.plannedInSprintId,
    origin: {
      milestoneRef: origin.milestoneRef ?? item.origin.milestoneRef,
      requirementRefs: origin.requirementRefs.length ? [...origin.requirementRefs] : item.origin.requirementRefs,
      specRefs: origin.specRefs.length ? [...origin.specRefs] : item.origin.specRefs,
      requestId: item.origin.requestId || from.requestId,
    },
    fingerprint: backlogFingerprint(proposal.title.trim() || item.title, scope, kind),
  };
}

function resolveDependencies(item: BacklogItem, pool: readonly BacklogItem[], notes: string[]): void {
  const ids: string[] = [];
  for (const name of item.dependsOn) {
    const found = findBacklogItem(pool, name);
    if (!found || found.backlogId === item.backlogId)
      notes.push(`"${item.title}" depends on "${name}", which is no backlog item; the dependency was left out.`);
    else if (!ids.includes(found.backlogId)) ids.push(found.backlogId);
  }
  item.dependsOn = ids;
}

function mergeEvent(state: State, item: BacklogItem, isNew: boolean, ctx: DecideContext): Event {
  if (isNew) return { type: 'backlog-item-added', item, by: ctx.actor };
  const before = state.backlog[item.backlogId] as unknown as Record<string, unknown>;
  const changes = Object.fromEntries(Object.entries(item).filter(([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value)));
  return { type: 'backlog-item-changed', backlogId: item.backlogId, changes, by: ctx.actor };
}

/** Whether following `dependsOn` from `start` comes back to it. */
export function hasDependencyCycle(start: string, dependenciesOf: (id: string) => readonly string[]): boolean {
  const seen = new Set<string>();
  const open = [...dependenciesOf(start)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === start) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...dependenciesOf(id));
  }
  return false;
}

/** Status of a backlog item that follows from its todo's (sprint-runtime 4.5). */
export function backlogStatusOf(todo: Todo): BacklogStatus {
  if (todo.status === 'committed' || todo.status === 'completed') return 'done';
  if (todo.status === 'blocked' || todo.status === 'uncommitted') return 'blocked';
  if (todo.status === 'failed') return 'carried_over';
  if (todo.status === 'cancelled' || todo.status === 'carried_over') return 'pending';
  return 'selected';
}

/** What redoes landed work after its sprint ended: a new item in front of the queue, or one more wish on the item that waits already. */
export function reworkEvent(state: State, todo: Todo, comment: string, ctx: DecideContext): Event {
  const by = ctx.actor;
  const waiting = Object.values(state.backlog).find((item) => item.reworkOf === todo.backlogId && item.status === 'pending');
  if (waiting)
    return { type: 'backlog-item-changed', backlogId: waiting.backlogId, changes: { summary: `${waiting.summary}\n${comment}` }, by };
  const item = newBacklogItem(
    { title: `Rework: ${todo.title}`, summary: comment, kind: 'bug', acceptanceCriteria: todo.acceptanceCriteria, priorityRank: 1 },
    'user',
    { now: ctx.now, backlogId: newBacklogId(ctx.ids, ctx.now) },
  );
  return { type: 'backlog-item-added', item: { ...item, reworkOf: todo.backlogId }, by };
}
