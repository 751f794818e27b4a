import type { CardView, HistoryLine, ReceiptView, ReportView, RevisionView, TurnView } from '../../../shared/contract/card-views.js';
import { columnsOf, count, oneLine, spaced, timeText } from '../terminal-text.js';
import type { Style } from '../terminal-text.js';

/** Styles text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const columnNames = { todo: 'TODO', in_progress: 'IN PROGRESS', review: 'REVIEW', done: 'DONE', approved: 'APPROVED' } as const;

const badgeNames: Readonly<Record<string, string>> = { with_gaps: 'verified with gaps', waits_for_person: 'waits for a person' };

/** `verified with gaps` of `with_gaps`. */
export const badgeText = (badge: string): string => badgeNames[badge] ?? spaced(badge);

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** A heading with its lines and an empty line before it; nothing where there are no lines. */
export const section = (paint: Paint, heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', paint('bold', heading), ...indent(lines)];

/** ` (developer 700, qa 200)`, who used most first; empty where nobody used any. */
export function byRoleText(tokensByRole: Readonly<Record<string, number>>): string {
  const used = Object.entries(tokensByRole).filter(([, tokens]) => tokens > 0);
  used.sort(([, a], [, b]) => b - a);
  return used.length === 0 ? '' : ` (${used.map(([role, tokens]) => `${role} ${tokens}`).join(', ')})`;
}

/** What the turns of a card used, by role. */
function cardTokens(turns: readonly TurnView[]): Record<string, number> {
  const byRole: Record<string, number> = {};
  for (const { role, tokens } of turns) byRole[role] = (byRole[role] ?? 0) + tokens.input + tokens.output;
  return byRole;
}

const paragraph = (text: string): string[] => (text.trim() === '' ? [] : text.trim().split('\n'));

/** Everything about a todo: why it is where it is, who acts next, what was done and proven, and what can be done now. */
export function showCard(card: CardView, paint: Paint): string[] {
  return [
    `${paint('bold', card.title)}  ${paint('dim', card.id)}`,
    ...columnsOf(facts(card)),
    ...section(paint, 'Summary', paragraph(card.summary)),
    ...section(
      paint,
      'Acceptance criteria',
      card.acceptanceCriteria.map((criterion) => `- ${oneLine(criterion)}`),
    ),
    ...section(paint, 'Why it stopped', blockerLines(card)),
    ...section(paint, 'Depends on', columnsOf(card.dependsOn.map(({ id, title, isDone }) => [id, title, isDone ? 'done' : 'not done']))),
    ...section(paint, 'Turns', turnLines(card.turns)),
    ...section(paint, 'What the roles reported (their word, not a proof)', card.reports.flatMap(reportLines)),
    ...card.revisions.flatMap((revision) => revisionLines(revision, paint)),
    ...section(paint, 'History', historyLines(card.history)),
    ...section(paint, 'What you can do', actionLines(card.actions)),
  ];
}

function facts(card: CardView): string[][] {
  const limits = card.limits.filter(({ used }) => used > 0).map(({ name, used, of }) => `${name} ${used} of ${of}`);
  const why = card.badges.map((badge) => {
    const reason = card.badgeReasons[badge];
    return reason ? `${badgeText(badge)} (${oneLine(reason)})` : badgeText(badge);
  });
  return [
    ['Column', columnNames[card.column]],
    ['Status', `${spaced(card.status)}, at ${spaced(card.step)} since ${timeText(card.since)}, revision ${card.revision}`],
    ['Next', card.waitingFor || (card.revert === 'done' ? 'nothing: it was reverted' : 'nothing: it is approved')],
    ...(why.length > 0 ? [['Badges', why.join(', ')]] : []),
    ['Sprint', card.sprintId],
    ['Backlog item', `${card.backlogId}${card.priorityRank > 0 ? `, rank ${card.priorityRank}` : ''}`],
    ...(card.scope ? [['Scope', oneLine(card.scope)]] : []),
    [
      'Spent',
      `${count(card.turnsSpent, 'turn')}, ${count(card.tokensSpent, 'token')}${byRoleText(cardTokens(card.turns))}${limits.length > 0 ? `; ${limits.join(', ')}` : ''}`,
    ],
  ];
}

function blockerLines({ blocker }: Pick<CardView, 'blocker'>): string[] {
  if (!blocker) return [];
  return [
    `${oneLine(blocker.reason)} (${blocker.byRole}, ${timeText(blocker.at)})`,
    ...blocker.requiredInputs.map((input) => `Needed: ${oneLine(input)}`),
    ...blocker.logs.map((log) => `Look at: ${log}`),
  ];
}

/** Turns as a table, with a line below for each failed attempt. */
export function turnLines(turns: readonly TurnView[]): string[] {
  const rows = columnsOf(
    turns.map((turn) => [
      turn.member,
      `${spaced(turn.step)}${turn.visit > 1 ? ` (visit ${turn.visit})` : ''}${turn.purpose === 'work' ? '' : `, ${turn.purpose}`}`,
      turn.isRehearsal
        ? `${turn.runner || 'rehearsal'} (a script, not an agent)`
        : [turn.runner || 'no runner yet', turn.model].join(' ').trim(),
      turn.status === 'ended' ? turn.outcome || 'ended' : turn.status,
      count(turn.tokens.input + turn.tokens.output, 'token'),
      turn.promptVersion ? `prompt ${turn.promptVersion}, ${Math.ceil(turn.promptBytes / 1024)} KiB` : '',
    ]),
  );
  return turns.flatMap((turn, index) => [
    rows[index] ?? '',
    ...turn.problems.map((problem) => `    asked to mend: ${oneLine(problem)}`),
    ...turn.failures.map(({ attempt, message, log }) => `    attempt ${attempt} failed: ${oneLine(message)}${log ? ` (${log})` : ''}`),
  ]);
}

/** A report as its role worded it, with what became of it. */
export function reportLines(report: ReportView): string[] {
  const next = [report.outcome && `asks to ${report.outcome}`, report.category && `because of ${report.category}`]
    .filter(Boolean)
    .join(' ');
  return [
    `${report.role}, ${spaced(report.step)}: ${report.status}${next ? `, ${next}` : ''}`,
    ...paragraph(report.summary).map((line) => `  ${line}`),
    ...(report.reason ? [`  Reason: ${oneLine(report.reason)}`] : []),
    ...(report.qaDecision ? [`  QA: ${report.qaDecision}`] : []),
    ...[...report.qaFindings, ...report.unresolved].map((each) => `  - ${oneLine(each)}`),
    ...(report.error ? [`  Error: ${oneLine(report.error)}`] : []),
    ...report.notes.map((note) => `  Note: ${oneLine(note)}`),
  ];
}

function revisionLines(revision: RevisionView, paint: Paint): string[] {
  const lines = [
    ...(revision.request ? [`Asked for: ${oneLine(revision.request)}`] : []),
    ...(revision.branch ? [`Branch ${revision.branch}${revision.worktree ? ` in ${revision.worktree}` : ''}`] : []),
    ...(revision.makers.length > 0 ? [`Made by ${revision.makers.join(', ')}`] : []),
    ...(revision.commit ? [`Commit ${revision.commit}, ${revision.isIntegrated ? 'on the target branch' : 'on its own branch'}`] : []),
    ...(revision.closeout?.waiting && !revision.revert
      ? [`Waits for your working tree: ${revision.closeout.waiting} ${revision.closeout.files.join(', ')}`.trim()]
      : []),
    ...(revision.receipt ? receiptLines(revision.receipt) : ['No receipt yet']),
    ...revertLines(revision),
    ...revision.verdicts.map(
      ({ at, by, kind, comment }) =>
        `${timeText(at)}  ${spaced(kind)} by ${by.name}${by.via ? ` (${by.via})` : ''}${comment ? `: ${oneLine(comment)}` : ''}`,
    ),
  ];
  return section(paint, `Revision ${revision.number}`, lines);
}

/** Who had it undone and why, how far that is, and its own receipt. */
function revertLines({ revert }: RevisionView): string[] {
  if (revert === null) return [];
  const { at, by, comment, undoes, commit, revertedAt, waiting, files, blocker, receipt } = revert;
  return [
    `Reverted by ${by.name} (${timeText(at)}): ${oneLine(comment)}`,
    ...(revertedAt === null ? [] : [`Commit ${commit} undoes ${undoes} on the target branch`]),
    ...(waiting === '' ? [] : [`Waits for your working tree: ${waiting} ${files.join(', ')}`.trim()]),
    ...blockerLines({ blocker }),
    ...(receipt ? receiptLines(receipt) : []),
  ];
}

const exitText = (code: number | null): string => (code === null ? 'no exit code' : `exit ${code}`);

/** A receipt in words: the badge, every command with its exit codes, and every gap. */
export function receiptLines(receipt: ReceiptView): string[] {
  const commands = receipt.commands.map((command) => [
    command.name,
    command.argv.join(' '),
    `${exitText(command.exitCode)}, on the base ${exitText(command.baseExitCode)}`,
    `${(command.durationMs / 1000).toFixed(1)} s`,
    [command.retries > 0 ? `tried again ${count(command.retries, 'time')}` : '', command.jailed ? '' : 'without a jail']
      .filter(Boolean)
      .join(', '),
  ]);
  return [
    `${receipt.reverts === '' ? 'Receipt' : 'Receipt of the revert'}: ${badgeText(receipt.badge)} (${timeText(receipt.time)}, by the program, not by the agent)`,
    ...indent(columnsOf(commands)),
    ...receipt.commands.flatMap(({ name, problem }) => (problem ? [`  ${name}: ${problem}`] : [])),
    ...receipt.gaps.map((gap) => `  Gap: ${gap}`),
    ...(receipt.instructionChanges.length > 0
      ? [`  Look at them, for agents obey them: ${receipt.instructionChanges.map(oneLine).join(', ')}`]
      : []),
    ...(receipt.diffHash
      ? [`  Diff ${receipt.diffHash.slice(0, 16)}, receipt ${receipt.receiptHash.slice(0, 16)}; \`muster audit\` checks both`]
      : []),
  ];
}

/** What happened, oldest first. */
export const historyLines = (history: readonly HistoryLine[]): string[] =>
  columnsOf(history.map(({ at, by, text }) => [timeText(at), by, oneLine(text)]));

/** The exact commands for what can be done. */
export const actionLines = (actions: CardView['actions']): string[] => columnsOf(actions.map(({ command, label }) => [command, label]));
