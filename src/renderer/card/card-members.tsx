import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import { useMay } from '../app/may-do.js';
import { failureText } from '../connection/refusal-of.js';
import { enCard } from '../i18n/en-card.js';
import { newCommandId } from '../state/give-command.js';
import { useServices } from '../state/services.js';
import { Avatar } from '../ui/avatar.js';
import { Menu } from '../ui/menu.js';
import { Notice } from '../ui/notice.js';
import { Section } from '../ui/section.js';

const text = enCard.overview;
const assignable: readonly string[] = ['architect', 'designer', 'developer', 'qa'];
const mostOffered = 3;

/** The members that can be named for a role: the first has its name, the next are numbered. */
const membersOf = (role: string): string[] => Array.from({ length: mostOffered }, (_, n) => (n === 0 ? role : `${role}-${n + 1}`));

/** Who acts for each role on this card; a menu assigns another member. */
export function CardMembers({ card }: { readonly card: CardView }): ReactElement | null {
  const { client } = useServices();
  const [refusal, setRefusal] = useState('');
  const assign = (role: string, member: string): void => {
    setRefusal('');
    client()
      .todos.assign({ commandId: newCommandId(), todoId: card.id, role, member })
      .catch((error: unknown) => setRefusal(failureText(error)));
  };
  const may = useMay('todos.assign');
  const isOver = ['committed', 'completed', 'failed', 'cancelled', 'carried_over'].includes(card.status);
  const roles = [...new Set([...Object.keys(card.members), ...(isOver ? [] : ['developer', 'qa'])])];
  if (roles.length === 0) return null;
  return (
    <Section title={text.members}>
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {roles.map((role) => (
          <li key={role}>
            {isOver || !may || !assignable.includes(role) ? (
              <Name member={card.members[role] ?? role} />
            ) : (
              <MemberMenu role={role} member={card.members[role] ?? role} onChoose={(member) => assign(role, member)} />
            )}
          </li>
        ))}
      </ul>
      {refusal !== '' && (
        <Notice tone="bad" isAlert onDismiss={() => setRefusal('')}>
          {refusal}
        </Notice>
      )}
    </Section>
  );
}

function Name({ member }: { readonly member: string }): ReactElement {
  return (
    <span className="inline-flex h-6 items-center gap-1.5">
      <Avatar name={member} size="small" />
      {member.replaceAll('_', ' ')}
    </span>
  );
}

interface MemberMenuProps {
  readonly role: string;
  readonly member: string;
  readonly onChoose: (member: string) => void;
}

function MemberMenu({ role, member, onChoose }: MemberMenuProps): ReactElement {
  const items = membersOf(role).map((other) => ({ id: other, label: other, isChecked: other === member, onSelect: () => onChoose(other) }));
  return (
    <Menu groups={[{ title: text.membersText, items }]}>
      <button type="button" className="-mx-1 inline-flex h-6 items-center gap-1.5 rounded-control px-1 hover:bg-hover">
        <Avatar name={member} size="small" />
        {member.replaceAll('_', ' ')}
        <ChevronDown size={12} aria-hidden="true" className="text-faint" />
      </button>
    </Menu>
  );
}
