import { ChevronDown, FolderOpen, Plus } from 'lucide-react';
import type { ReactElement } from 'react';
import { failureText } from '../connection/refusal-of.js';
import { en } from '../i18n/en.js';
import { useServices, useView } from '../state/services.js';
import { Menu } from '../ui/menu.js';
import type { MenuGroup } from '../ui/menu.js';
import { toastQueue } from '../ui/toast-queue.js';

const nameOf = (path: string): string => path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;

/** The open workspace, and the way to another. */
export function WorkspaceMenu({ isOpen }: { readonly isOpen: boolean }): ReactElement {
  const { client, connection, ui } = useServices();
  const workspaces = useView((view) => view.workspaces);
  const project = useView((view) => view.facts?.project ?? '');
  const name = workspaces?.current?.name ?? (project === '' ? en.product : nameOf(project));
  const open = (path: string): void => {
    client()
      .host.open({ path })
      .then(() => connection.retryNow())
      .catch((error: unknown) => toastQueue.show({ tone: 'bad', text: failureText(error) }));
  };
  const others = (workspaces?.recent ?? []).filter(({ path, isThere }) => isThere && path !== workspaces?.current?.path);
  const groups: MenuGroup[] = [
    ...(others.length === 0
      ? []
      : [
          {
            title: en.workspaces.recent,
            items: others.map((recent) => ({ id: recent.path, label: recent.name, icon: FolderOpen, onSelect: () => open(recent.path) })),
          },
        ]),
    { items: [{ id: 'new', label: en.workspaces.other, icon: Plus, onSelect: () => ui.setState({ dialog: { kind: 'workspaces' } }) }] },
  ];
  return (
    <Menu groups={groups}>
      <button
        type="button"
        aria-label={en.workspaces.menu(name)}
        title={workspaces?.current?.path ?? ''}
        className="flex h-8 shrink-0 items-center gap-2 rounded-control px-[5px] text-left font-semibold hover:bg-hover"
      >
        <Logo />
        {isOpen && (
          <>
            <span className="min-w-0 flex-1 truncate">{name}</span>
            <ChevronDown size={14} aria-hidden="true" className="text-faint" />
          </>
        )}
      </button>
    </Menu>
  );
}

function Logo(): ReactElement {
  return (
    <span
      aria-hidden="true"
      className="flex size-[22px] shrink-0 items-start gap-[2px] rounded-control bg-accent px-[5px] pt-[6px] text-on-accent"
    >
      <i className="h-[11px] flex-1 rounded-[1px] bg-current" />
      <i className="h-[8px] flex-1 rounded-[1px] bg-current" />
      <i className="h-[5px] flex-1 rounded-[1px] bg-current" />
    </span>
  );
}
