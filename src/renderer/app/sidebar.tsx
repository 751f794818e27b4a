import { Bell, ChartColumn, PanelLeft, Inbox, List, RefreshCw, Settings, SquareKanban, Users } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { useServices, useUi, useView } from '../state/services.js';
import { classNames } from '../ui/class-names.js';
import { Kbd } from '../ui/kbd.js';
import { Tip } from '../ui/tip.js';
import type { PageId } from './route.js';
import { routeText } from './route.js';
import { SidebarRoster } from './sidebar-roster.js';
import { WorkspaceMenu } from './workspace-menu.js';

interface Entry {
  readonly id: PageId;
  readonly icon: LucideIcon;
  readonly keys?: string;
}

const entries: readonly Entry[] = [
  { id: 'needs-you', icon: Bell, keys: 'N' },
  { id: 'board', icon: SquareKanban, keys: 'G B' },
  { id: 'backlog', icon: List, keys: 'G L' },
  { id: 'requests', icon: Inbox },
  { id: 'roster', icon: Users, keys: 'G R' },
  { id: 'sprints', icon: RefreshCw, keys: 'G S' },
  { id: 'insights', icon: ChartColumn, keys: 'G I' },
];

const openBacklog: readonly string[] = ['pending', 'blocked', 'carried_over'];
const openRequests: readonly string[] = ['queued', 'delegated', 'blocked'];

/** The rail: places of the page, and who is at work. */
export function Sidebar(): ReactElement {
  const { ui } = useServices();
  const isOpen = useUi((state) => state.isSidebarOpen);
  return (
    <nav
      aria-label={en.mainNavigation}
      className={classNames(
        'flex shrink-0 flex-col gap-3 overflow-y-auto border-r border-line bg-side px-2 py-3',
        isOpen ? 'w-[208px]' : 'w-[48px]',
      )}
    >
      <WorkspaceMenu isOpen={isOpen} />
      <ul className="flex flex-col gap-px">
        {entries.map((entry) => (
          <li key={entry.id}>
            <PlaceLink entry={entry} isOpen={isOpen} />
          </li>
        ))}
      </ul>
      {isOpen && <SidebarRoster />}
      <div className="flex-1" />
      <div className={classNames('flex', isOpen ? 'items-center' : 'flex-col')}>
        <QuietButton
          icon={Settings}
          label={en.pages.settings}
          isOpen={isOpen}
          onClick={() => ui.setState({ dialog: { kind: 'settings' } })}
        />
        <Tip text={isOpen ? en.foldSidebar : en.unfoldSidebar} side="right">
          <button
            type="button"
            aria-label={isOpen ? en.foldSidebar : en.unfoldSidebar}
            aria-expanded={isOpen}
            onClick={() => ui.setState({ isSidebarOpen: !isOpen })}
            className="grid size-[30px] shrink-0 place-items-center rounded-control text-faint hover:bg-hover hover:text-ink"
          >
            <PanelLeft size={15} strokeWidth={1.75} aria-hidden="true" />
          </button>
        </Tip>
      </div>
    </nav>
  );
}

function PlaceLink({ entry: { id, icon: Icon, keys }, isOpen }: { readonly entry: Entry; readonly isOpen: boolean }): ReactElement {
  const isCurrent = useUi((state) => state.page === id);
  const cardId = useUi((state) => state.openCardId);
  const label = en.pages[id];
  return (
    <Tip text={isOpen ? '' : label} side="right">
      <a
        href={routeText({ page: id, cardId: id === 'board' || id === 'needs-you' ? cardId : null })}
        aria-current={isCurrent ? 'page' : undefined}
        aria-label={isOpen ? undefined : label}
        className={classNames(
          'group flex h-[30px] items-center gap-2 rounded-control px-2 transition-colors',
          isCurrent ? 'bg-surface font-medium text-ink shadow-card' : 'text-muted hover:bg-hover hover:text-ink',
        )}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
        {isOpen && <span className="min-w-0 flex-1 truncate">{label}</span>}
        {isOpen && keys !== undefined && (
          <span className="hidden group-hover:inline-flex group-focus-visible:inline-flex">
            <Kbd keys={keys} />
          </span>
        )}
        {isOpen && <Count id={id} />}
      </a>
    </Tip>
  );
}

function Count({ id }: { readonly id: PageId }): ReactElement | null {
  const count = useView((view) => {
    if (id === 'needs-you') return view.needsYou.length;
    if (id === 'backlog') return [...view.backlog.values()].filter(({ status }) => openBacklog.includes(status)).length;
    if (id === 'requests') return [...view.requests.values()].filter(({ status }) => openRequests.includes(status)).length;
    return 0;
  });
  if (count === 0) return null;
  if (id === 'needs-you')
    return <span className="rounded-full bg-you px-1.5 text-12 leading-[18px] font-semibold text-surface">{count}</span>;
  return <span className="text-12 text-faint group-hover:hidden">{count}</span>;
}

interface QuietButtonProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly isOpen: boolean;
  readonly onClick: () => void;
}

function QuietButton({ icon: Icon, label, isOpen, onClick }: QuietButtonProps): ReactElement {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onClick}
      className="flex h-[30px] min-w-0 flex-1 items-center gap-2 rounded-control px-2 text-muted hover:bg-hover hover:text-ink"
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
      {isOpen && label}
    </button>
  );
}
