import type { BacklogItemView } from '../../shared/contract/views.js';
import { failureText } from '../connection/refusal-of.js';
import { enPages } from '../i18n/en-pages.js';
import { give } from '../state/give-command.js';
import type { Services } from '../state/services.js';
import { toastQueue } from '../ui/toast-queue.js';
import { planRank } from './plan-rank.js';

/** Puts an item in another place of the order of work; says why where that cannot be. */
export async function giveRank(services: Services, items: readonly BacklogItemView[], from: number, to: number): Promise<void> {
  const plan = planRank(items, from, to);
  if (plan === 'rework' || plan === 'too-many') {
    toastQueue.show({ tone: 'bad', text: plan === 'rework' ? enPages.backlog.reworkFirst : enPages.backlog.tooMany });
    return;
  }
  try {
    for (const { id, rank } of plan) await give(services, (client, commandId) => client.backlog.rank({ commandId, backlogId: id, rank }));
  } catch (error) {
    toastQueue.show({ tone: 'bad', text: failureText(error) });
  }
}
