import type { ReactElement } from 'react';
import type { RequestView } from '../../shared/contract/views.js';
import { ReportList } from '../card/report-list.js';
import { enPages } from '../i18n/en-pages.js';
import { useAsked, useTouched } from '../state/use-record.js';
import { TurnSection } from '../turn/turn-section.js';
import { AskedPart } from '../ui/asked-part.js';
import { Badge } from '../ui/badge.js';
import { CopyButton } from '../ui/copy-button.js';
import { Prose } from '../ui/prose.js';
import { Section } from '../ui/section.js';
import { Time } from '../ui/time.js';
import { enCard } from '../i18n/en-card.js';
import { RequestActions } from './request-actions.js';
import { RequestStatus } from './request-status.js';

const text = enPages.requests;

/** One request with all that became of it. */
export function RequestDetail({ requestId }: { readonly requestId: string }): ReactElement {
  const touched = useTouched(requestId);
  const { asked, again } = useAsked(`${requestId} ${touched}`, async (client) => {
    const found = await client.show({ id: requestId });
    return found.kind === 'request' ? found.request : null;
  });
  return (
    <AskedPart asked={asked} failed={text.failed} rows={3} onAgain={again}>
      {(request) => <Detail request={request} />}
    </AskedPart>
  );
}

function Detail({ request }: { readonly request: RequestView }): ReactElement {
  return (
    <article aria-label={request.id} className="flex min-w-0 flex-1 flex-col">
      <div className="min-h-0 flex-1 overflow-auto">
        <div className="flex max-w-[760px] flex-col gap-5 px-6 py-4">
          <header className="flex flex-col gap-1">
            <p className="flex flex-wrap items-center gap-2 text-12 text-muted">
              <span className="-ml-1">
                <CopyButton text={request.id} what="id" />
              </span>
              <RequestStatus status={request.status} />
              {request.currentRole !== '' && request.status === 'delegated' && <span>{text.acts(request.currentRole)}</span>}
              <span className="flex-1" />
              <span>
                {text.asked(request.requestedBy.name)}, <Time at={request.createdAt} />
              </span>
            </p>
            <Prose text={request.body} className="text-14" />
          </header>
          {request.outcome !== '' && (
            <Section title={text.outcome}>
              <Prose text={request.outcome} />
            </Section>
          )}
          {request.backlog.length > 0 && <InBacklog items={request.backlog} />}
          {request.inputs.length > 0 && (
            <Section title={text.answers}>
              <ol className="flex flex-col gap-2">
                {request.inputs.map(({ at, by, text: words }, index) => (
                  <li key={index}>
                    <p className="text-12 text-muted">
                      {by}, <Time at={at} />
                    </p>
                    <Prose text={words} />
                  </li>
                ))}
              </ol>
            </Section>
          )}
          {request.reports.length > 0 && <ReportList reports={request.reports} />}
          <TurnSection title={enCard.tabs.turns} turns={request.turns} subjectId={request.id} />
        </div>
      </div>
      <RequestActions request={request} />
    </article>
  );
}

function InBacklog({ items }: { readonly items: RequestView['backlog'] }): ReactElement {
  return (
    <Section title={text.backlog}>
      <ul className="flex flex-col divide-y divide-line rounded-card border border-line">
        {items.map(({ id, title, status }) => (
          <li key={id} className="flex items-center gap-2 px-3 py-1.5">
            <span className="min-w-0 flex-1 truncate">{title}</span>
            <Badge tone={status === 'done' ? 'done' : 'quiet'}>{enPages.backlog.statuses[status] ?? status}</Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}
