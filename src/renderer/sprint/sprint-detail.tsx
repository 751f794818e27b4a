import type { ReactElement } from 'react';
import type { SprintView } from '../../shared/contract/views.js';
import { standstillOf } from '../board/standstill.js';
import { enPages } from '../i18n/en-pages.js';
import { useView } from '../state/services.js';
import { useAsked, useTouched } from '../state/use-record.js';
import { TurnSection } from '../turn/turn-section.js';
import { AskedPart } from '../ui/asked-part.js';
import { Notice } from '../ui/notice.js';
import { Prose } from '../ui/prose.js';
import { Section } from '../ui/section.js';
import { PlanningSteps } from './planning-steps.js';
import { SprintActivity } from './sprint-activity.js';
import { SprintCards } from './sprint-cards.js';
import { SprintDocuments } from './sprint-documents.js';
import { SprintHead } from './sprint-head.js';
import { SprintTerms } from './sprint-terms.js';
import { TokensByRole } from './tokens-by-role.js';

const text = enPages.sprints;

/** One sprint: its aim, its cards, what was written, what happened and what it cost. */
export function SprintDetail({ sprintId }: { readonly sprintId: string }): ReactElement {
  const touched = useTouched(sprintId);
  const { asked, again } = useAsked(`${sprintId} ${touched}`, async (client) => {
    const found = await client.show({ id: sprintId });
    return found.kind === 'sprint' ? found.sprint : null;
  });
  return (
    <AskedPart asked={asked} failed={text.failed} rows={4} onAgain={again}>
      {(sprint) => <Detail sprint={sprint} />}
    </AskedPart>
  );
}

/** Why it does not go on, or ended before it was done. */
function WhyStill({ sprint }: { readonly sprint: SprintView }): ReactElement | null {
  const standstill = standstillOf(null, sprint);
  if (standstill === null || standstill.reason === '') return null;
  return (
    <Notice tone={standstill.isBad ? 'bad' : 'you'} title={standstill.title}>
      <Prose text={standstill.reason} />
    </Notice>
  );
}

function Detail({ sprint }: { readonly sprint: SprintView }): ReactElement {
  const isRehearsal = useView((view) => view.workspaces?.current?.isRehearsal === true);
  return (
    <article aria-label={sprint.name} className="min-w-0 flex-1 overflow-auto">
      <div className="flex flex-col gap-6 px-6 py-4">
        <SprintHead sprint={sprint} />
        <WhyStill sprint={sprint} />
        <div className="grid grid-cols-[minmax(0,1fr)_300px] items-start gap-x-8 gap-y-6 max-[1320px]:grid-cols-1">
          <div className="flex min-w-0 flex-col gap-6">
            {sprint.brief !== '' && (
              <Section title={text.brief}>
                <Prose text={sprint.brief} />
              </Section>
            )}
            {sprint.requirements.length > 0 && (
              <Section title={text.requirements}>
                <ul className="list-disc pl-4">
                  {sprint.requirements.map((requirement, index) => (
                    <li key={index}>{requirement}</li>
                  ))}
                </ul>
              </Section>
            )}
            <SprintCards todos={sprint.todos} hasEnded={sprint.endedAt !== null} />
            <SprintActivity activity={sprint.activity} />
          </div>
          <div className="flex min-w-0 flex-col gap-6">
            <PlanningSteps sprint={sprint} />
            <TokensByRole sprint={sprint} isRehearsal={isRehearsal} />
            <SprintDocuments documents={sprint.documents} />
            <SprintTerms sprint={sprint} />
            <TurnSection title={text.turns} turns={sprint.turns} subjectId={sprint.id} />
          </div>
        </div>
      </div>
    </article>
  );
}
