import { ArrowDown, ArrowUp, ArrowUpToLine, MoreHorizontal, PanelRight, Pencil, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import type { BacklogItemView } from '../../shared/contract/views.js';
import { useMay } from '../app/may-do.js';
import { openDialog } from '../app/page-actions.js';
import { enPages } from '../i18n/en-pages.js';
import { useServices } from '../state/services.js';
import { IconButton } from '../ui/icon-button.js';
import { Menu } from '../ui/menu.js';
import type { MenuItem } from '../ui/menu.js';

const text = enPages.backlog;

interface BacklogMenuProps {
  readonly item: BacklogItemView;
  readonly index: number;
  readonly last: number;
  readonly canRank: boolean;
  readonly onMove: (from: number, to: number) => void;
}

/** Everything that can be done with an item, its place in the order included. */
export function BacklogMenu({ item, index, last, canRank, onMove }: BacklogMenuProps): ReactElement | null {
  const services = useServices();
  const may = useMay('backlog.edit');
  const isOver = item.status === 'done' || item.status === 'dropped';
  const cardId = item.todoIds.at(-1);
  const places: MenuItem[] = [
    { id: 'top', label: text.moveTop, icon: ArrowUpToLine, onSelect: () => onMove(index, 0) },
    { id: 'up', label: text.moveUp, icon: ArrowUp, onSelect: () => onMove(index, index - 1) },
    { id: 'down', label: text.moveDown, icon: ArrowDown, onSelect: () => onMove(index, index + 1) },
  ].filter(({ id }) => (id === 'down' ? index < last : index > 0));
  const work: MenuItem[] = [
    ...(may
      ? [{ id: 'edit', label: text.edit, icon: Pencil, onSelect: () => openDialog(services, { kind: 'backlog-item', id: item.id }) }]
      : []),
    ...(cardId === undefined
      ? []
      : [{ id: 'card', label: text.openCard, icon: PanelRight, onSelect: () => services.ui.setState({ openCardId: cardId }) }]),
  ];
  const end: MenuItem[] =
    isOver || !may
      ? []
      : [
          {
            id: 'drop',
            label: text.drop,
            icon: Trash2,
            isDanger: true,
            onSelect: () => openDialog(services, { kind: 'drop-backlog-item', id: item.id }),
          },
        ];
  const groups = [
    ...(work.length > 0 ? [{ items: work }] : []),
    ...(canRank && may && places.length > 0 ? [{ items: places }] : []),
    ...(end.length > 0 ? [{ items: end }] : []),
  ];
  if (groups.length === 0) return null;
  return (
    <Menu groups={groups} align="end">
      <IconButton icon={MoreHorizontal} label={text.menu(item.title)} />
    </Menu>
  );
}
