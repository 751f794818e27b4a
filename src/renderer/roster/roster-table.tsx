import type { ReactElement, ReactNode } from 'react';
import { CardLink } from '../card/card-link.js';
import { stepWord } from '../board/step-words.js';
import { enPages } from '../i18n/en-pages.js';
import { useView } from '../state/services.js';
import { Avatar } from '../ui/avatar.js';
import type { Tone } from '../ui/tone.js';
import { toneText } from '../ui/tone.js';
import { classNames } from '../ui/class-names.js';
import { compactNumber } from '../ui/compact-number.js';
import { CopyButton } from '../ui/copy-button.js';
import { Dot } from '../ui/dot.js';
import { Section } from '../ui/section.js';
import { Time } from '../ui/time.js';
import type { RosterLine } from './roster-lines.js';

const text = enPages.roster;
const tones: Readonly<Record<RosterLine['status'], Tone>> = { working: 'prog', waiting: 'you', idle: 'quiet' };
const columns = [
  [text.member, 'w-[20%]'],
  [text.state, 'w-[13%]'],
  [text.on, 'w-[29%]'],
  [text.runner, 'w-[15%]'],
  [text.session, 'w-[11%]'],
  [text.tokens, 'w-[12%] text-right'],
] as const;

/** Members in rows: state, work, runner, session and what they spent in this sprint. */
export function RosterTable({ title, lines }: { readonly title: string; readonly lines: readonly RosterLine[] }): ReactElement {
  return (
    <Section title={title}>
      <div className="overflow-x-auto rounded-card bg-surface shadow-card">
        <table className="w-full min-w-[760px] table-fixed border-collapse text-left">
          <thead>
            <tr className="text-12 text-muted">
              {columns.map(([heading, width]) => (
                <th key={heading} scope="col" className={classNames('px-3 py-2 font-medium', width)}>
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Row key={line.member} line={line} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Cell({ children, className }: { readonly children: ReactNode; readonly className?: string }): ReactElement {
  return <td className={classNames('border-t border-line px-3 py-2 align-middle', className)}>{children}</td>;
}

function Row({ line: { member, role, status, step, subjectId, since } }: { readonly line: RosterLine }): ReactElement {
  const tokens = useView((view) => view.sprint?.tokensByRole[role.role] ?? 0);
  const hasCard = useView((view) => view.cards.has(subjectId));
  const isScript = role.runner === 'rehearsal';
  return (
    <tr>
      <Cell>
        <span className="flex items-center gap-2 font-medium whitespace-nowrap">
          <Avatar name={member} />
          {member.replaceAll('_', ' ')}
        </span>
      </Cell>
      <Cell>
        <span className={classNames('flex items-center gap-1.5 whitespace-nowrap', toneText[tones[status]])}>
          <Dot tone={tones[status]} isRunning={status === 'working'} />
          {text.states[status]}
          {since !== null && <Time at={since} form="since" className="text-12 text-muted" />}
        </span>
      </Cell>
      <Cell className="max-w-72">
        {subjectId === '' ? (
          <span className="text-faint">–</span>
        ) : (
          <span className="flex min-w-0 items-baseline gap-1.5">
            <span className="whitespace-nowrap text-muted">{stepWord(step)}</span>
            {hasCard ? <WorkLink cardId={subjectId} /> : <code className="truncate font-mono text-11 text-faint">{subjectId}</code>}
          </span>
        )}
      </Cell>
      <Cell>
        <span className="whitespace-nowrap">{isScript ? text.script : role.runner}</span>
        {!isScript && (
          <span className="block text-12 whitespace-nowrap text-muted">
            {role.model}
            {role.reasoning !== '' && `, ${text.effort(role.reasoning)}`}
          </span>
        )}
      </Cell>
      <Cell className="max-w-40">
        {role.sessionId === '' ? (
          <span className="text-faint">–</span>
        ) : (
          <CopyButton text={role.sessionId} what="session" shown={role.sessionId.slice(0, 8)} />
        )}
      </Cell>
      <Cell className="text-right tabular-nums">{compactNumber(tokens)}</Cell>
    </tr>
  );
}

function WorkLink({ cardId }: { readonly cardId: string }): ReactElement {
  const title = useView((view) => view.cards.get(cardId)?.title ?? '');
  return <CardLink cardId={cardId} title={title} />;
}
