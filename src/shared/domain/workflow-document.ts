import { columns } from './board.js';
import type { ColumnId } from './board.js';
import { moveTable } from './card-moves.js';
import type { MovePlan, Place } from './card-moves.js';
import { reopenMap, workflowTable } from './workflow-table.js';
import type { ReopenRow, WorkflowRow } from './workflow-table.js';
import { stepOwner, stepPhase } from './workflow.js';
import type { Step } from './workflow.js';

const countWords = { 'advisory-pass': 'an advisory pass', review: 'a review', reopen: 'a reopen' } as const;

function targetOf({ then }: WorkflowRow): string {
  if (then.to === 'reopen-map') return 'as the reopen map says';
  if (then.to === 'close') return `\`closeout\` (${stepOwner.closeout})`;
  if (then.to === 'block') return then.isLimit ? '**blocked**: a limit is reached' : '**blocked**';
  const owner = then.to === 'planner_advisory' ? 'the role that was asked' : stepOwner[then.to];
  return `\`${then.to}\` (${owner})`;
}

const countsOf = (counts: ReopenRow['counts']): string => counts.map((count) => countWords[count]).join(', ');

const line = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const tableRow = (row: WorkflowRow): string =>
  line(`\`${row.id}\``, row.when, targetOf(row), 'counts' in row.then ? countsOf(row.then.counts ?? []) : '');

/** Steps that share one list of rows stand under one heading, in the table's order. */
function sections(): string[] {
  const groups = new Map<string, WorkflowRow[]>();
  for (const row of workflowTable) {
    const heading = row.steps === 'any' ? 'At every step' : `At ${row.steps.map((step) => `\`${step}\``).join(' and ')}`;
    groups.set(heading, [...(groups.get(heading) ?? []), row]);
  }
  return [...groups].flatMap(([heading, rows]) => [
    `## ${heading}`,
    '',
    line('Row', 'When', 'Then', 'Uses up'),
    line('---', '---', '---', '---'),
    ...rows.map(tableRow),
    '',
  ]);
}

const placeWords: Readonly<Record<Place, string>> = {
  todo: 'TODO',
  in_progress: 'IN PROGRESS',
  review_by_agents: 'REVIEW (agents)',
  review_by_person: 'REVIEW (person)',
  done: 'DONE',
  approved: 'APPROVED',
};

const needWords: Readonly<Record<MovePlan['needs'], string>> = {
  nothing: '',
  comment: ', with a comment',
  confirmation: ', after a question',
};

function moveWords(from: Place, to: ColumnId): string {
  const cell = moveTable[from][to];
  if (!cell) return '';
  return 'refused' in cell ? `refused: \`${cell.refused}\`` : `${cell.label}${needWords[cell.needs]}: \`${cell.steps.join('`, `')}\``;
}

const moveRow = (from: Place): string => line(placeWords[from], ...columns.map((to) => moveWords(from, to)));

const steps = Object.entries(stepPhase) as [Step, string][];

/** `docs/workflow.md`: the decision table and the reopen map in words, from the same rows that decide. */
export function workflowDocument(): string {
  return [
    '# The workflow of a todo',
    '',
    'Written from `src/shared/domain/workflow-table.ts` by `node scripts/write-workflow-document.mjs`; a test compares the two. Change',
    'the table, not this page.',
    '',
    'A todo goes from step to step by the validated fields of its reports, never by their prose. At a step the first row whose',
    'condition holds decides; the rows for every step come first. A row that would use up more of a limit than is left blocks the todo',
    'instead, with the limit as the reason. A person who retries, answers or requests changes opens a fresh round of limits.',
    '',
    line('Step', 'Phase', 'Owner'),
    line('---', '---', '---'),
    ...steps.map(([step, phase]) => line(`\`${step}\``, phase, step === 'planner_advisory' ? 'designer or architect' : stepOwner[step])),
    '',
    ...sections(),
    '## The reopen map',
    '',
    'Where reopened work goes, by its category and by the step that reopened it. The first match decides.',
    '',
    line('Row', 'When', 'Then', 'Uses up'),
    line('---', '---', '---', '---'),
    ...reopenMap.map((row) => line(`\`${row.id}\``, row.when, `\`${row.to}\` (${row.owner})`, countsOf(row.counts))),
    '',
    '## The table of moves',
    '',
    'What moving a card from where it is (rows) to a column means, whether by drag, key, button or `muster move`. An empty cell is the',
    "card's own column. From `src/shared/domain/card-moves.ts`.",
    '',
    line('', ...columns.map((column) => placeWords[column === 'review' ? 'review_by_person' : column].replace(' (person)', ''))),
    line('---', ...columns.map(() => '---')),
    ...(Object.keys(moveTable) as Place[]).map(moveRow),
    '',
  ].join('\n');
}
