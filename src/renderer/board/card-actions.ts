import { ArchiveRestore, CircleX, MessageCircleReply, RotateCcw } from 'lucide-react';
import type { BoardCardView } from '../../shared/contract/board-views.js';
import { openDialog } from '../app/page-actions.js';
import { en } from '../i18n/en.js';
import { giveOnCard } from '../state/give-command.js';
import type { Services } from '../state/services.js';
import type { MenuItem } from '../ui/menu.js';

const stuck: readonly string[] = ['blocked', 'paused', 'uncommitted', 'failed', 'cancelled', 'carried_over'];
const ended: readonly string[] = ['cancelled', 'failed', 'carried_over'];
const landed: readonly string[] = ['committed', 'completed'];

/** An entry of a menu with the method of the contract behind it. */
export interface ActionItem extends MenuItem {
  readonly method: string;
}

/** What can be done with a card that is no move. */
export function actionItems(services: Services, { id, status }: BoardCardView): readonly ActionItem[] {
  const answer: ActionItem = {
    id: 'answer',
    method: 'todos.answer',
    label: `${en.card.answer}…`,
    icon: MessageCircleReply,
    onSelect: () => openDialog(services, { kind: 'answer', cardId: id }),
  };
  const retry: ActionItem = {
    id: 'retry',
    method: 'todos.retry',
    label: en.card.retry,
    icon: RotateCcw,
    onSelect: () => void giveOnCard(services, id, en.card.retry, (client, commandId) => client.todos.retry({ commandId, subjectId: id })),
  };
  const toBacklog: ActionItem = {
    id: 'back-to-backlog',
    method: 'todos.backToBacklog',
    label: en.card.toBacklog,
    icon: ArchiveRestore,
    onSelect: () =>
      void giveOnCard(services, id, en.card.toBacklog, (client, commandId) => client.todos.backToBacklog({ commandId, todoId: id })),
  };
  const cancel: ActionItem = {
    id: 'cancel',
    method: 'todos.cancel',
    label: `${en.card.cancelCard}…`,
    icon: CircleX,
    isDanger: true,
    onSelect: () => services.ui.setState({ selected: new Set([id]), dialog: { kind: 'bulk-cancel' } }),
  };
  return [
    ...(status === 'blocked' ? [answer] : []),
    ...(stuck.includes(status) ? [retry] : []),
    ...(ended.includes(status) || status === 'queued' ? [toBacklog] : []),
    ...(ended.includes(status) || landed.includes(status) ? [] : [cancel]),
  ];
}
