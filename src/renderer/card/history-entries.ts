import type { CardView } from '../../shared/contract/card-views.js';

/** What kind of thing happened, for the picture beside it. */
export type HistoryKind = 'made' | 'report' | 'turn' | 'input' | 'receipt' | 'approved' | 'changes' | 'review' | 'revert' | 'ended';

/** One thing that happened to a card. `by` and `via` are names as they are; the words are made where it is shown. */
export interface HistoryEntry {
  readonly key: string;
  readonly at: string;
  readonly kind: HistoryKind;
  readonly by: string;
  /** Where a person came in; empty else. */
  readonly via: string;
  /** 0 where it is not about one. */
  readonly revision: number;
  /** What was done, in the words of the record: a verdict's kind, a report's step and status, a receipt's badge. */
  readonly what: string;
  /** What was said with it. */
  readonly text: string;
}

const verdictKinds: Readonly<Record<string, HistoryKind>> = { approved: 'approved', 'changes-requested': 'changes' };

const spaced = (word: string): string => word.replaceAll(/[_-]/g, ' ');

/** What happened to a card, newest first: reports, turns without one, answers, receipts and verdicts in one list. */
export function historyEntries(card: CardView): HistoryEntry[] {
  const entries = [...turnsOf(card), ...reportsOf(card), ...inputsOf(card), ...revisionsOf(card)];
  entries.push({ key: 'made', at: card.createdAt, kind: 'made', by: 'planner', via: '', revision: 0, what: 'made the card', text: '' });
  return entries.sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
}

const turnsOf = (card: CardView): HistoryEntry[] =>
  card.turns
    .filter(({ endedAt, outcome }) => endedAt !== null && outcome !== 'report')
    .map((turn) => ({
      key: turn.id,
      at: turn.endedAt ?? card.createdAt,
      kind: 'turn',
      by: turn.member,
      via: '',
      revision: turn.revision,
      what: `ended a turn at ${spaced(turn.step)}: ${spaced(turn.outcome === '' ? 'without an outcome' : turn.outcome)}`,
      text: turn.failures.at(-1)?.message ?? '',
    }));

const reportsOf = (card: CardView): HistoryEntry[] =>
  card.reports.map((report) => ({
    key: `report ${report.turnId}`,
    at: report.at,
    kind: 'report',
    by: report.role,
    via: '',
    revision: report.revision,
    what: `reported on ${spaced(report.step)}: ${spaced(report.status)}`,
    text: report.summary,
  }));

/** Answers; a verdict's comment is an input of the next turn as well, and told once, with its verdict. */
function inputsOf(card: CardView): HistoryEntry[] {
  const told = new Set(card.revisions.flatMap(({ verdicts }) => verdicts.map(({ at, comment }) => `${at} ${comment}`)));
  return card.inputs
    .filter(({ at, text }) => !told.has(`${at} ${text}`))
    .map(({ at, by, text }, index) => ({ key: `input ${index}`, at, kind: 'input', by, via: '', revision: 0, what: 'wrote', text }));
}

const short = (commit: string): string => commit.slice(0, 8);

function revertOf(revision: number, revert: CardView['revisions'][number]['revert']): HistoryEntry[] {
  if (revert === null) return [];
  const { at, by, comment, undoes, commit, receipt, blocker, revertedAt } = revert;
  const byMuster = { by: 'Muster', via: '', revision, kind: 'revert' } as const;
  const entry = (key: string, when: string, what: string, text: string): HistoryEntry => ({
    ...{ ...byMuster, key: `${key} ${revision}`, at: when, what, text },
  });
  return [
    { ...entry('revert', at, `had commit ${short(undoes)} reverted`, comment), by: by.name, via: by.via },
    ...(receipt === null
      ? []
      : [entry('revert receipt', receipt.time, `wrote a receipt for the revert: ${spaced(receipt.badge)}`, receipt.gaps.join(' '))]),
    ...(blocker === null ? [] : [entry('revert blocked', blocker.at, 'could not go on with the revert', blocker.reason)]),
    ...(revertedAt === null ? [] : [entry('reverted', revertedAt, `undid commit ${short(undoes)} with ${short(commit)}`, '')]),
  ];
}

const revisionsOf = (card: CardView): HistoryEntry[] =>
  card.revisions.flatMap(({ number, receipt, revert, verdicts }) => [
    ...revertOf(number, revert),
    ...(receipt === null
      ? []
      : [
          {
            key: `receipt ${number}`,
            at: receipt.time,
            kind: 'receipt' as const,
            by: 'Muster',
            via: '',
            revision: number,
            what: `wrote a receipt: ${spaced(receipt.badge)}`,
            text: receipt.gaps.join(' '),
          },
        ]),
    ...verdicts.map((verdict, index) => ({
      key: `verdict ${number} ${index}`,
      at: verdict.at,
      kind: verdictKinds[verdict.kind] ?? ('review' as const),
      by: verdict.by.name,
      via: verdict.by.via,
      revision: verdict.revision,
      what: verdict.kind,
      text: verdict.comment,
    })),
  ]);
