import { newBacklogId } from '../../kernel/ids.js';
import type { Result } from '../../kernel/result.js';
import { ok } from '../../kernel/result.js';
import { backlogFingerprint, findBacklogItem, hasDependencyCycle, newBacklogItem } from '../backlog.js';
import { refuse } from '../refusal.js';
import type { Decision } from '../refusal.js';
import type { BacklogItem, State } from '../state.js';
import type { BacklogFields, DecideContext, Refusal } from '../vocabulary.js';
import type { Handlers } from './handler.js';

const unknownItem = (backlogId: string) => refuse('unknown-id', `There is no backlog item ${backlogId}. \`muster backlog\` lists them.`);

function dependencyIds(state: State, names: readonly string[], own: string): Result<string[], Refusal> {
  const ids: string[] = [];
  for (const name of names) {
    const found = findBacklogItem(Object.values(state.backlog), name);
    if (!found) return refuse('unknown-id', `"${name}" is no backlog item, so nothing can depend on it. \`muster backlog\` lists them.`);
    ids.push(found.backlogId);
  }
  if (
    own &&
    (ids.includes(own) ||
      ids.some((id) => hasDependencyCycle(own, (of) => (of === own ? ids : (state.backlog[of]?.dependsOn ?? []))) && id))
  )
    return refuse('bad-input', 'The dependencies would go round in a circle.');
  return ok(ids);
}

function badFields(fields: BacklogFields): Decision | null {
  if (fields.title !== undefined && fields.title.trim() === '') return refuse('bad-input', 'A backlog item needs a title.');
  if (fields.priorityRank !== undefined && (!Number.isInteger(fields.priorityRank) || fields.priorityRank < 0))
    return refuse('bad-input', `A rank is a whole number from 0 (none) upwards, not ${fields.priorityRank}.`);
  return null;
}

function change(state: State, backlogId: string, fields: BacklogFields, ctx: DecideContext): Decision {
  const item = state.backlog[backlogId];
  if (!item) return unknownItem(backlogId);
  if (['done', 'dropped'].includes(item.status))
    return refuse('already-ended', `${backlogId} is ${item.status} and is not changed any more.`);
  const bad = badFields(fields);
  if (bad) return bad;
  const depends = fields.dependsOn ? dependencyIds(state, fields.dependsOn, backlogId) : ok([...item.dependsOn]);
  if (!depends.ok) return depends;
  const next: BacklogItem = { ...item, ...definedFields(fields), dependsOn: depends.value };
  const fingerprint = backlogFingerprint(next.title, next.scope, next.kind);
  const twin = Object.values(state.backlog).find(
    (other) => other.backlogId !== backlogId && other.fingerprint === fingerprint && !['done', 'dropped'].includes(other.status),
  );
  if (twin && fingerprint !== item.fingerprint)
    return refuse('no-effect', `The title is taken: the backlog has ${twin.backlogId} "${twin.title}" already. Choose another one.`);
  const changes = {
    ...definedFields(fields),
    dependsOn: depends.value,
    fingerprint,
  };
  return ok([{ type: 'backlog-item-changed', backlogId, changes, by: ctx.actor }]);
}

function definedFields({ dependsOn: _names, acceptanceCriteria, ...rest }: BacklogFields): Partial<BacklogItem> {
  const plain = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<BacklogItem>;
  return acceptanceCriteria ? { ...plain, acceptanceCriteria: [...acceptanceCriteria] } : plain;
}

/** The backlog by hand. A file edited outside may change words and rank, never a status. */
export const backlogHandlers: Handlers<
  'add-backlog-item' | 'edit-backlog-item' | 'rank-backlog-item' | 'drop-backlog-item' | 'take-file-edit'
> = {
  'add-backlog-item': (state, { fields }, ctx) => {
    const bad = badFields(fields);
    if (bad) return bad;
    const depends = dependencyIds(state, fields.dependsOn ?? [], '');
    if (!depends.ok) return depends;
    const item = newBacklogItem({ ...fields, dependsOn: depends.value }, 'user', {
      now: ctx.now,
      backlogId: newBacklogId(ctx.ids, ctx.now),
    });
    const twin = Object.values(state.backlog).find(
      (other) => other.fingerprint === item.fingerprint && !['done', 'dropped'].includes(other.status),
    );
    if (twin) return refuse('no-effect', `The backlog has this item already: ${twin.backlogId} "${twin.title}".`);
    return ok([{ type: 'backlog-item-added', item: { ...item, addedDuringActiveSprint: state.activeSprintId !== null }, by: ctx.actor }]);
  },
  'edit-backlog-item': (state, { backlogId, fields }, ctx) => change(state, backlogId, fields, ctx),
  'rank-backlog-item': (state, { backlogId, rank }, ctx) => change(state, backlogId, { priorityRank: rank }, ctx),
  'drop-backlog-item': (state, { backlogId, reason }, ctx) => {
    const item = state.backlog[backlogId];
    if (!item) return unknownItem(backlogId);
    if (item.status === 'dropped') return refuse('already-ended', `${backlogId} is dropped already.`);
    if (item.status === 'done') return refuse('already-ended', `${backlogId} is done. Request changes on its card instead.`);
    const isInSprint = Object.values(state.todos).some(
      (todo) => todo.backlogId === backlogId && ['queued', 'running', 'paused', 'blocked', 'uncommitted'].includes(todo.status),
    );
    if (isInSprint) return refuse('sprint-active', `${backlogId} is in the running sprint. Cancel its todo first.`);
    return ok([{ type: 'backlog-item-changed', backlogId, changes: { status: 'dropped', droppedReason: reason }, by: ctx.actor }]);
  },
  'take-file-edit': (state, { backlogId, fields, path }, ctx) =>
    change(state, backlogId, fields, { ...ctx, actor: { kind: 'file-edit', id: path } }),
};
