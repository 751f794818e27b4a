import { badgesOf, columnOf } from '../../../../shared/domain/board.js';
import { describeGap } from '../../../../shared/domain/receipt.js';
import type { Receipt, ReceiptCommand } from '../../../../shared/domain/receipt.js';
import type { ReportDigest, Sprint, State, Todo } from '../../../../shared/domain/state.js';
import { currentRevision } from '../../../../shared/domain/state.js';
import { bullets, code, facts, inline } from './markdown.js';

/** The todos of a sprint that are in memory, in the order in which they were selected. */
export const todosIn = (sprint: Sprint, state: State): Todo[] =>
  sprint.todoIds.map((todoId) => state.todos[todoId]).filter((todo): todo is Todo => todo !== undefined);

/** A sprint's header lines. */
export const sprintFacts = (sprint: Sprint): string =>
  facts([
    ['sprint_id', code(sprint.sprintId)],
    ['sprint_name', inline(sprint.name)],
    ['phase', sprint.phase],
    ['milestone_title', inline(sprint.milestoneTitle)],
    ['status', sprint.status],
    ['paused_reason', inline(sprint.pausedReason)],
    ['started_at', sprint.startedAt],
    ['ended_at', sprint.endedAt ?? ''],
    ['closeout_status', sprint.closeoutStatus],
    ['turns', sprint.turnsSpent],
    ['tokens', sprint.tokensSpent],
  ]);

/** A todo as `current_sprint.md` shows it. */
export function todoBlock(todo: Todo, state: State): string {
  const revision = currentRevision(todo);
  return [
    `### ${inline(todo.title)}`,
    '',
    facts([
      ['todo_id', code(todo.todoId)],
      ['backlog_id', code(todo.backlogId)],
      ['status', todo.status],
      ['column', columnOf(todo)],
      ['step', `${todo.workflow.step} (${inline(todo.workflow.owner)})`],
      ['priority_rank', todo.priorityRank > 0 ? todo.priorityRank : ''],
      [
        'badges',
        badgesOf(todo, state)
          .map((badge) => badge.id)
          .join(', '),
      ],
      ['blocked', inline(todo.blocker?.reason ?? '')],
      ['needs', todo.blocker ? todo.blocker.requiredInputs.map((input) => inline(input)).join('; ') : ''],
      ['revision', todo.revision > 1 ? todo.revision : ''],
      ['commit', revision.commit ? code(revision.commit) : ''],
      ['summary', inline(todo.reports.at(-1)?.summary ?? todo.summary)],
    ]),
  ].join('\n');
}

/** A todo as `todo_backlog.md` shows it. */
export const selectedBlock = (todo: Todo): string =>
  [
    `### ${inline(todo.title)}`,
    '',
    facts([
      ['todo_id', code(todo.todoId)],
      ['backlog_id', code(todo.backlogId)],
      ['priority_rank', todo.priorityRank > 0 ? todo.priorityRank : ''],
      ['depends_on', todo.dependsOn.map(code).join(', ')],
      ['summary', inline(todo.summary)],
    ]),
    ...(todo.acceptanceCriteria.length > 0 ? [`- acceptance_criteria:\n${bullets(todo.acceptanceCriteria, '  ')}`] : []),
  ].join('\n');

/** A role's accepted report, as the iteration log shows it. */
export function reportBlock(report: ReportDigest): string {
  const { transition } = report;
  const lines = [
    `- ${report.at} ${inline(report.role)}, ${report.step}, ${report.status}: ${inline(report.summary)}`,
    ...(transition.outcome
      ? [`  - transition: ${inline([transition.outcome, transition.targetStep, transition.category].filter(Boolean).join(' '))}`]
      : []),
    ...(transition.reason ? [`  - reason: ${inline(transition.reason)}`] : []),
    ...(report.qa ? [`  - qa: ${inline(report.qa.decision)}`] : []),
    ...(report.error ? [`  - error: ${inline(report.error)}`] : []),
  ];
  const rest = [...report.insights, ...transition.unresolved, ...(report.qa?.findings ?? []), ...report.notes];
  return rest.length > 0 ? `${lines.join('\n')}\n${bullets(rest, '  ')}` : lines.join('\n');
}

const badgeWords: Readonly<Record<Receipt['badge'], string>> = {
  verified: 'verified',
  with_gaps: 'verified with gaps',
  not_verified: 'not verified',
};

/** What people read for a receipt's badge. */
export const badgeWord = (badge: Receipt['badge']): string => badgeWords[badge];

function commandLine(command: ReceiptCommand): string {
  const result = command.exitCode === null ? `no exit code: ${inline(command.problem)}` : `exit code ${command.exitCode}`;
  const base = command.baseExitCode === null ? '' : `, on the base ${command.baseExitCode}`;
  const retries = command.retries > 0 ? `, ${command.retries} retries` : '';
  const output = command.outputHash ? `, output ${code(`blob:${command.outputHash}`)} (${command.outputBytes} bytes)` : '';
  return `  - ${inline(command.name)}: ${code(command.argv.join(' '))}, ${result}${base}, ${command.durationMs} ms${retries}${output}`;
}

/** A receipt as `report.md` shows it: badge, commit, every command with its exit code, and why it says less than verified. */
export function receiptBlock(receipt: Receipt): string {
  const lines = [
    `- receipt of ${receipt.reverts ? 'the revert of ' : ''}revision ${receipt.revision}: **${badgeWord(receipt.badge)}**`,
    `- commit: ${receipt.commit ? code(receipt.commit) : 'none'}${receipt.target ? ` for ${code(receipt.target)}` : ''}`,
    `- patch id: ${receipt.patchId ? code(receipt.patchId) : 'none'}`,
    `- receipt hash: ${code(receipt.receiptHash)}`,
    ...(receipt.commands.length > 0 ? ['- commands:', ...receipt.commands.map(commandLine)] : []),
    ...(receipt.gaps.length > 0 ? ['- gaps:', ...receipt.gaps.map((gap) => `  - ${inline(describeGap(gap))}`)] : []),
  ];
  return lines.join('\n');
}
