import type { EffectOutcomes } from '../vocabulary.js';

/** How often the target may move under one closeout before a person is asked (rules 4). */
export const tipMoveLimit = 3;

/** Said when it moved once more. */
export const tipMoveText = (tipMoves: number): string =>
  `The target branch moved ${tipMoves + 1} times during the closeout. Retry it when the branch is quiet.`;

type Conflict = Pick<Extract<EffectOutcomes['rebase'], { kind: 'conflict' }>, 'files' | 'others'>;

/** `in a.ts, b.ts (commit 0123456789 of Ann, "Tidy up")`. */
export function conflictText({ files, others = [] }: Conflict): string {
  const made = others.map(({ commit, author, title }) => `commit ${commit.slice(0, 10)} of ${author}, "${title}"`);
  return `in ${files.join(', ')}${made.length === 0 ? '' : ` (${made.join('; ')})`}`;
}
