import type { ReactElement } from 'react';
import type { RoleStatusView } from '../../shared/contract/views.js';
import { en } from '../i18n/en.js';
import { useUi, useView } from '../state/services.js';
import { Avatar } from '../ui/avatar.js';
import { classNames } from '../ui/class-names.js';
import { shortId } from '../board/card-words.js';
import { stepWord } from '../board/step-words.js';
import { routeText } from './route.js';

interface Line {
  readonly member: string;
  readonly subjectId: string;
  readonly step: string;
  readonly isWorking: boolean;
  readonly isWaiting: boolean;
}

/** A role's members: the one of its own name, and those that run beside it. */
function linesOf(
  { role, member, subjectId, step, status }: RoleStatusView,
  turns: readonly { readonly role: string; readonly member: string; readonly subjectId: string; readonly step: string }[],
): readonly Line[] {
  const own = turns.filter((turn) => turn.role === role);
  if (own.length < 2)
    return [{ member: member === '' ? role : member, subjectId, step, isWorking: status === 'working', isWaiting: status === 'waiting' }];
  return own.toSorted(byMember).map((turn) => ({ ...turn, isWorking: true, isWaiting: false }));
}

/** The first member has its role's name, so it stands before the numbered ones. */
const byMember = (a: { readonly member: string }, b: { readonly member: string }): number => (a.member < b.member ? -1 : 1);

/** Who is in the team, and what each does now. */
export function SidebarRoster(): ReactElement {
  const roles = useView((view) => view.roles);
  const turns = useView((view) => view.turns);
  const lines = roles.filter(({ isPublic, status }) => isPublic || status === 'working').flatMap((role) => linesOf(role, turns));
  return (
    <section aria-labelledby="roster-title">
      <h2 id="roster-title" className="px-2 pb-1 text-12 font-medium text-faint">
        {en.roster.title}
      </h2>
      <ul className="flex flex-col">
        {lines.map((line) => (
          <MemberLine key={`${line.member} ${line.subjectId}`} line={line} />
        ))}
      </ul>
    </section>
  );
}

function MemberLine({ line: { member, subjectId, step, isWorking, isWaiting } }: { readonly line: Line }): ReactElement {
  const isCard = useView((view) => view.cards.has(subjectId));
  const page = useUi((state) => state.page);
  const state = isWorking
    ? en.roster.working(stepWord(step), isCard ? shortId(subjectId) : '')
    : isWaiting
      ? en.roster.waiting
      : en.roster.idle;
  const body = (
    <>
      <Avatar name={member} />
      <span className="shrink-0">{member}</span>
      <span className={classNames('shorten min-w-0 flex-1 text-right text-12', isWorking ? 'text-prog' : 'text-faint')}>{state}</span>
    </>
  );
  const className = 'flex h-[30px] items-center gap-2 rounded-control px-2 text-muted';
  return (
    <li>
      {isCard ? (
        <a
          href={routeText({ page: page === 'needs-you' ? page : 'board', cardId: subjectId })}
          className={classNames(className, 'hover:bg-hover hover:text-ink')}
        >
          {body}
        </a>
      ) : (
        <span className={className}>{body}</span>
      )}
    </li>
  );
}
