import { Check } from 'lucide-react';
import type { ReactElement } from 'react';
import type { SprintView } from '../../shared/contract/views.js';
import { enPages } from '../i18n/en-pages.js';
import { classNames } from '../ui/class-names.js';
import { Dot } from '../ui/dot.js';
import { Section } from '../ui/section.js';

const steps = ['milestone_refinement', 'artifact_sync', 'backlog_definition', 'backlog_prioritization', 'todo_finalization'] as const;

/** How far the planning is; gone once a sprint is over. */
export function PlanningSteps({ sprint }: { readonly sprint: SprintView }): ReactElement | null {
  if (sprint.endedAt !== null) return null;
  const isPlanning = sprint.status === 'planning';
  const at = isPlanning ? steps.indexOf(sprint.planningStep as (typeof steps)[number]) : steps.length;
  return (
    <Section title={enPages.sprints.phases}>
      <ol className="flex flex-col gap-1">
        {steps.map((step, index) => (
          <li
            key={step}
            aria-current={index === at ? 'step' : undefined}
            className={classNames('flex items-center gap-2', index > at && 'text-faint')}
          >
            <span className="grid size-4 place-items-center">
              {index < at ? (
                <Check size={14} strokeWidth={2.25} aria-hidden="true" className="text-done" />
              ) : (
                <Dot tone={index === at ? 'prog' : 'quiet'} isRunning={index === at} />
              )}
            </span>
            {enPages.sprints.planningSteps[step]}
          </li>
        ))}
      </ol>
    </Section>
  );
}
