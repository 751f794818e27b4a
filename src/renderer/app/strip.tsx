import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { useServices, useView } from '../state/services.js';
import { Dot } from '../ui/dot.js';
import type { Tone } from '../ui/tone.js';
import { compactNumber } from '../ui/compact-number.js';
import { Tip } from '../ui/tip.js';
import { ProblemList } from './problem-list.js';
import { TurnList } from './turn-list.js';

/** The one place for health, spend and running turns. */
export function Strip(): ReactElement {
  return (
    <footer
      aria-label={en.strip.label}
      className="relative z-10 flex h-7 shrink-0 items-center gap-4 border-t border-line bg-side px-4 text-12 whitespace-nowrap text-muted"
    >
      <ConnectionLight />
      <JournalLight />
      <Runners />
      <ProblemList />
      <div className="flex-1" />
      <Spend />
      <TurnList />
    </footer>
  );
}

function Light({
  tone,
  isRunning = false,
  children,
}: {
  readonly tone: Tone;
  readonly isRunning?: boolean;
  readonly children: string;
}): ReactElement {
  return (
    <span className="inline-flex items-center gap-1.5">
      <Dot tone={tone} isRunning={isRunning} />
      {children}
    </span>
  );
}

function ConnectionLight(): ReactElement {
  const { connection } = useServices();
  const state = useView((view) => view.connection);
  if (state.kind !== 'reconnecting')
    return (
      <span role="status">
        <Light tone={state.kind === 'live' ? 'done' : 'you'}>{en.connection[state.kind]}</Light>
      </span>
    );
  return (
    <Tip text={`${state.reason} ${en.connection.staleBoard}`} side="top">
      <button type="button" onClick={() => connection.retryNow()} className="rounded-control text-you hover:underline">
        <Light tone="you" isRunning>
          {en.connection.reconnecting}
        </Light>
      </button>
    </Tip>
  );
}

function JournalLight(): ReactElement {
  const problem = useView((view) => view.facts?.writeProblem ?? '');
  return (
    <Tip text={problem} side="top">
      <span className="max-[900px]:hidden">
        <Light tone={problem === '' ? 'done' : 'bad'}>{problem === '' ? en.strip.journalOk : en.strip.journalBad}</Light>
      </span>
    </Tip>
  );
}

/** What runs the roles, each once; in no colour of health, as nobody has asked whether it can run. */
function Runners(): ReactElement | null {
  const text = useView((view) => [...new Set(view.roles.map(({ runner }) => runner).filter(Boolean))].join(', '));
  const { ui } = useServices();
  const isTrusted = useView((view) => view.facts?.isTrusted ?? true);
  const isRehearsal = useView((view) => view.workspaces?.current?.isRehearsal === true);
  if (!isTrusted)
    return (
      <button
        type="button"
        onClick={() => ui.setState({ dialog: { kind: 'trust' } })}
        className="rounded-control font-medium text-you hover:underline"
      >
        <Light tone="you">{en.strip.notTrusted}</Light>
      </button>
    );
  if (isRehearsal) return <Light tone="rev">{en.strip.rehearsal}</Light>;
  return text === '' ? null : <Light tone="quiet">{text}</Light>;
}

function Spend(): ReactElement | null {
  const spend = useView((view) => view.spend);
  if (spend === null) return null;
  const share = spend.limit === 0 ? 0 : Math.min(1, spend.tokens / spend.limit);
  return (
    <span className="inline-flex items-center gap-2">
      <span>
        <b className="font-semibold text-ink">{en.strip.tokens(compactNumber(spend.tokens))}</b>{' '}
        {spend.limit === 0 ? en.strip.today : en.strip.ofToday(compactNumber(spend.limit))}
      </span>
      {spend.limit > 0 && (
        <span role="img" aria-label={en.strip.burn(Math.round(share * 100))} className="h-1 w-16 overflow-hidden rounded-full bg-line">
          <span
            className={`block h-full ${share > 0.8 ? 'bg-you' : 'bg-accent'}`}
            style={{ width: `${Math.max(share * 100, spend.tokens > 0 ? 2 : 0)}%` }}
          />
        </span>
      )}
    </span>
  );
}
