import { targetSteps } from '../../shared/domain/report.js';

const words: Readonly<Record<string, string>> = {
  milestone_refinement: 'refines the milestone',
  artifact_sync: 'reads the project',
  backlog_definition: 'writes the backlog',
  backlog_prioritization: 'ranks the backlog',
  todo_finalization: 'makes the cards',
  intake: 'reads',
  request_planning: 'plans',
  planner_draft: 'plans',
  planner_advisory: 'advises',
  planner_finalize: 'finishes the plan',
  architect_guidance: 'guides',
  developer_build: 'builds',
  developer_revision: 'revises',
  architect_review: 'reviews',
  qa_validation: 'validates',
  closeout: 'closes out',
};

/** A step as what its role does: `developer_build` is *builds*. */
export const stepWord = (step: string): string => words[step] ?? step.replaceAll('_', ' ');

/** The steps that a report may name as the next one are those of a todo, in order. */
const chain: readonly string[] = targetSteps;

/** Where a step stands in the chain of a todo; null for a step of another kind. */
export function stepProgress(step: string): { readonly at: number; readonly of: number } | null {
  const at = chain.indexOf(step);
  return at === -1 ? null : { at: at + 1, of: chain.length };
}
