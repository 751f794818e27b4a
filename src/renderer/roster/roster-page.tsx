import { Users } from 'lucide-react';
import type { ReactElement } from 'react';
import { PageHeader } from '../app/page-header.js';
import { enPages } from '../i18n/en-pages.js';
import { en } from '../i18n/en.js';
import { useView } from '../state/services.js';
import { Empty } from '../ui/empty.js';
import { ListSkeleton } from '../ui/list-skeleton.js';
import { RosterTable } from './roster-table.js';
import { rosterLines } from './roster-lines.js';

const text = enPages.roster;

/** Every role and member: whether it works, on what, and what runs it. */
export function RosterPage(): ReactElement {
  const roles = useView((view) => view.roles);
  const turns = useView((view) => view.turns);
  const isLoaded = useView((view) => view.isLoaded);
  const lines = rosterLines(roles, turns);
  const team = lines.filter(({ role }) => role.isPublic);
  const internal = lines.filter(({ role }) => !role.isPublic);
  const working = lines.filter(({ status }) => status === 'working').length;
  return (
    <>
      <PageHeader title={en.pages.roster} text={text.text(working, lines.length)} />
      {!isLoaded ? (
        <ListSkeleton rows={9} />
      ) : lines.length === 0 ? (
        <Empty icon={Users} title={text.none} text={text.noneText} />
      ) : (
        <div className="flex min-h-0 flex-1 flex-col gap-6 overflow-auto px-5 py-4">
          <RosterTable title={text.public} lines={team} />
          {internal.length > 0 && <RosterTable title={text.internal} lines={internal} />}
        </div>
      )}
    </>
  );
}
