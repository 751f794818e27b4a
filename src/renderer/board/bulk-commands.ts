import type { BoardCardView } from '../../shared/contract/board-views.js';
import { en } from '../i18n/en.js';
import { giveOnCard, refuse } from '../state/give-command.js';
import type { Services } from '../state/services.js';
import { toastQueue } from '../ui/toast-queue.js';

type OnCard = (card: BoardCardView) => Promise<boolean>;

/** Does one thing to several cards, one after the other; what is refused keeps its reason and stays selected. */
async function onEach({ views, ui }: Services, ids: readonly string[], run: OnCard): Promise<void> {
  const refused: string[] = [];
  let done = 0;
  for (const id of ids) {
    const card = views.getState().cards.get(id);
    if (card === undefined) continue;
    if (await run(card)) done += 1;
    else refused.push(id);
  }
  ui.setState({ selected: new Set(refused) });
  toastQueue.show({ tone: refused.length > 0 ? 'bad' : 'plain', text: en.bulk.result(done, refused.length) });
}

/** Approves the present revision of each card. */
export const approveCards = (services: Services, ids: readonly string[]): Promise<void> =>
  onEach(services, ids, ({ id, revision, column }) => {
    if (column === 'approved') {
      refuse(services.ui, id, en.bulk.approvedAlready);
      return Promise.resolve(false);
    }
    return giveOnCard(services, id, en.bulk.approve, (client, commandId) =>
      client.review.approve({ commandId, todoId: id, revision, comment: '' }),
    );
  });

/** Cancels each card. */
export const cancelCards = (services: Services, ids: readonly string[]): Promise<void> =>
  onEach(services, ids, ({ id }) =>
    giveOnCard(services, id, en.bulk.cancelCards, (client, commandId) => client.todos.cancel({ commandId, todoId: id, reason: '' })),
  );
