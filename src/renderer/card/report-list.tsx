import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ReportView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { Avatar } from '../ui/avatar.js';
import { Badge } from '../ui/badge.js';
import type { Tone } from '../ui/tone.js';
import { Button } from '../ui/button.js';
import { Prose } from '../ui/prose.js';
import { Section } from '../ui/section.js';
import { Time } from '../ui/time.js';
import { stepWord } from '../board/step-words.js';

const text = enCard.overview;
const fewest = 3;
const statusTones: Readonly<Record<string, Tone>> = { completed: 'done', blocked: 'bad', failed: 'bad', awaiting_input: 'you' };

/** What the roles reported, newest first: claims, not proof. */
export function ReportList({ reports }: { readonly reports: readonly ReportView[] }): ReactElement {
  const [showsAll, setShowsAll] = useState(false);
  const newest = reports.toReversed();
  const shown = showsAll ? newest : newest.slice(0, fewest);
  return (
    <Section title={text.reports}>
      {reports.length === 0 ? (
        <p className="text-muted">{text.noReports}</p>
      ) : (
        <>
          <p className="-mt-1 text-12 text-faint">{text.claims}</p>
          <ol className="flex flex-col gap-3 pt-1">
            {shown.map((report) => (
              <Report key={report.turnId} report={report} />
            ))}
          </ol>
          {reports.length > fewest && (
            <Button tone="ghost" size="small" className="self-start" onClick={() => setShowsAll(!showsAll)}>
              {showsAll ? text.less : text.more(reports.length - fewest)}
            </Button>
          )}
        </>
      )}
    </Section>
  );
}

function Report({ report }: { readonly report: ReportView }): ReactElement {
  const lists: readonly [string, readonly string[]][] = [
    [text.findings, report.qaFindings],
    [text.unresolved, report.unresolved],
  ];
  return (
    <li className="flex gap-2">
      <Avatar name={report.role} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p className="flex items-center gap-2">
          <span className="font-medium">{report.role}</span>
          <span className="truncate text-12 text-muted">{stepWord(report.step)}</span>
          {report.status !== 'completed' && (
            <Badge tone={statusTones[report.status] ?? 'quiet'}>{report.status.replaceAll('_', ' ')}</Badge>
          )}
          <span className="flex-1" />
          <Time at={report.at} className="text-12 text-faint" />
        </p>
        <Prose text={report.summary} />
        {report.error !== '' && <p className="break-words text-bad">{report.error}</p>}
        {lists.map(
          ([title, words]) =>
            words.length > 0 && (
              <div key={title} className="text-12">
                <p className="font-medium text-muted">{title}</p>
                <ul className="list-disc pl-4">
                  {words.map((word, index) => (
                    <li key={index} className="break-words">
                      {word}
                    </li>
                  ))}
                </ul>
              </div>
            ),
        )}
      </div>
    </li>
  );
}
