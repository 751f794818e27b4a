import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { RequestView } from '../../shared/contract/views.js';
import { ReportList } from '../card/report-list.js';
import { enPages } from '../i18n/en-pages.js';
import { en } from '../i18n/en.js';
import { useAsked, useTouched } from '../state/use-record.js';
import { TurnRow } from '../turn/turn-row.js';
import { Badge } from '../ui/badge.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy-button.js';
import { Empty } from '../ui/empty.js';
import { ListSkeleton } from '../ui/list-skeleton.js';
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
  if (asked.kind === 'loading')
    return (
      <div className="flex-1">
        <ListSkeleton rows={3} />
      </div>
    );
  if (asked.kind === 'failed' || asked.value === null)
    return (
      <div className="flex-1">
        <Empty
          icon={TriangleAlert}
          title={text.failed}
          text={asked.kind === 'failed' ? asked.sentence : ''}
          action={<Button onClick={again}>{en.retry}</Button>}
        />
      </div>
    );
  return <Detail request={asked.value} />;
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
          {request.turns.length > 0 && <Turns request={request} />}
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

function Turns({ request }: { readonly request: RequestView }): ReactElement {
  const [toggled, setToggled] = useState<Readonly<Record<string, boolean>>>({});
  return (
    <Section title={enCard.tabs.turns}>
      <ol className="flex flex-col gap-2">
        {request.turns.toReversed().map((turn) => {
          const isOpen = toggled[turn.id] ?? turn.status === 'running';
          return (
            <TurnRow
              key={turn.id}
              turn={turn}
              report={null}
              subjectId={request.id}
              isOpen={isOpen}
              onToggle={() => setToggled((before) => ({ ...before, [turn.id]: !isOpen }))}
            />
          );
        })}
      </ol>
    </Section>
  );
}
