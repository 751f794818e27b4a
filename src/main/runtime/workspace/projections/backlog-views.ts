import type { BacklogItem, BacklogStatus, State } from '../../../../shared/domain/state.js';
import type { BlockSource } from './block-cache.js';
import { bullets, code, facts, inline, page } from './markdown.js';

const activeStatuses: readonly BacklogStatus[] = ['pending', 'selected', 'blocked'];

function itemBlock(item: BacklogItem): string {
  const head = facts([
    ['backlog_id', code(item.backlogId)],
    ['status', item.status],
    ['kind', item.kind],
    ['source', inline(item.source)],
    ['scope', inline(item.scope)],
    ['summary', inline(item.summary)],
    ['milestone_title', inline(item.milestoneTitle)],
    ['priority_rank', item.priorityRank > 0 ? item.priorityRank : ''],
    ['depends_on', item.dependsOn.map(code).join(', ')],
    ['created_at', item.createdAt],
    ['selected_in_sprint_id', item.selectedInSprintId],
    ['completed_in_sprint_id', item.completedInSprintId],
    ['blocked_reason', inline(item.blockedReason)],
    ['blocked_by_role', inline(item.blockedByRole)],
    ['recommended_next_step', inline(item.recommendedNextStep)],
  ]);
  const lists = [
    item.acceptanceCriteria.length > 0 ? `- acceptance_criteria:\n${bullets(item.acceptanceCriteria, '  ')}` : '',
    item.requiredInputs.length > 0 ? `- required_inputs:\n${bullets(item.requiredInputs, '  ')}` : '',
  ].filter((part) => part !== '');
  return [`### ${inline(item.title)}`, '', head, ...lists].join('\n');
}

/** By status, then by last change, both descending (sprint-runtime 1.4). */
const newestFirst = (a: BacklogItem, b: BacklogItem): number =>
  a.status === b.status
    ? a.updatedAt < b.updatedAt
      ? 1
      : a.updatedAt > b.updatedAt
        ? -1
        : a.backlogId < b.backlogId
          ? -1
          : 1
    : a.status < b.status
      ? 1
      : -1;

function view(title: string, state: State, statuses: readonly BacklogStatus[], block: BlockSource): string {
  const items = Object.values(state.backlog)
    .filter((item) => statuses.includes(item.status))
    .sort(newestFirst);
  if (items.length === 0) return page(`# ${title}`, 'There are no items.');
  return page(`# ${title}`, '## Items', ...items.map((item) => block('backlog-block', item.backlogId, () => itemBlock(item))));
}

/** `backlog.md`: what is pending, selected or blocked. */
export const renderBacklog = (state: State, block: BlockSource): string => view('Backlog', state, activeStatuses, block);

/** `completed_backlog.md`: what is done. */
export const renderCompletedBacklog = (state: State, block: BlockSource): string => view('Completed backlog', state, ['done'], block);
