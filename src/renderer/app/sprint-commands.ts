import { failureText } from '../connection/refusal-of.js';
import { give } from '../state/give-command.js';
import type { Services } from '../state/services.js';
import { toastQueue } from '../ui/toast-queue.js';

/** Goes on after a pause or a stop of everything. */
export async function resumeSprint(services: Services): Promise<void> {
  try {
    await give(services, (client, commandId) => client.sprint.resume({ commandId }));
  } catch (error) {
    toastQueue.show({ tone: 'bad', text: failureText(error) });
  }
}
