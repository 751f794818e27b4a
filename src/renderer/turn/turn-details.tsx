import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ReportView, TurnView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { compactNumber } from '../ui/compact-number.js';
import { CopyButton } from '../ui/copy-button.js';
import { Facts } from '../ui/facts.js';
import { Prose } from '../ui/prose.js';
import { bytesText } from '../ui/sizes.js';
import { Time } from '../ui/time.js';
import { PromptDialog } from './prompt-dialog.js';
import { TurnOutput } from './turn-output.js';

const text = enCard.turn;

interface TurnDetailsProps {
  readonly turn: TurnView;
  readonly report: ReportView | null;
  readonly subjectId: string;
}

/** What a turn was given, what it said and did, and what came of it. */
export function TurnDetails({ turn, report, subjectId }: TurnDetailsProps): ReactElement {
  const { input, cachedInput, output } = turn.tokens;
  return (
    <div className="flex flex-col gap-3 border-t border-line px-3 py-2.5">
      {turn.failures.length > 0 && <Failures turn={turn} />}
      {report !== null && <Prose text={report.summary} />}
      <TurnOutput turnId={turn.id} subjectId={subjectId} member={turn.member} isRunning={turn.status === 'running'} />
      <Facts
        facts={[
          [text.runner, turn.isRehearsal ? text.rehearsalText : turn.runner],
          [text.model, turn.model === '' ? null : turn.model],
          [
            text.tokensTitle,
            input + output === 0 ? null : text.tokensDetail(compactNumber(input), compactNumber(cachedInput), compactNumber(output)),
          ],
          [text.session, turn.sessionId === '' ? null : <CopyButton key="session" text={turn.sessionId} what="session" />],
          [text.prompt, turn.promptSha256 === '' ? null : <PromptButton key="prompt" turn={turn} />],
        ]}
      />
      {turn.problems.length > 0 && (
        <div className="text-12">
          <p className="font-medium text-muted">{text.problems}</p>
          <ul className="list-disc pl-4">
            {turn.problems.map((problem, index) => (
              <li key={index}>{problem}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function PromptButton({ turn }: { readonly turn: TurnView }): ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="inline-flex items-center gap-1 rounded-tag px-1 text-accent hover:bg-hover"
      >
        <ScrollText size={12} aria-hidden="true" />
        {text.promptShow(bytesText(turn.promptBytes))}
      </button>
      <code className="font-mono text-11 text-faint">{text.promptVersion(turn.promptVersion.slice(0, 8))}</code>
      {isOpen && <PromptDialog turn={turn} onClose={() => setOpen(false)} />}
    </>
  );
}

function Failures({ turn }: { readonly turn: TurnView }): ReactElement {
  return (
    <div className="rounded-control bg-bad/8 px-2.5 py-1.5 text-12">
      <p className="font-medium text-bad">{text.failures}</p>
      <ul className="flex flex-col gap-1">
        {turn.failures.map(({ at, attempt, message, reason, log }) => (
          <li key={attempt} className="break-words">
            {text.attempts(attempt)}, <Time at={at} />: {message === '' ? reason : message}
            {log !== '' && <code className="block font-mono text-11 break-all text-muted">{log}</code>}
          </li>
        ))}
      </ul>
    </div>
  );
}
