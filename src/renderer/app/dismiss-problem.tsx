import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { failureText } from '../connection/refusal-of.js';
import { give } from '../state/give-command.js';
import { useServices } from '../state/services.js';
import { Button } from '../ui/button.js';
import { toastQueue } from '../ui/toast-queue.js';

/** Takes a problem off the list: a person has seen to it. */
export function DismissProblem({ id }: { readonly id: string }): ReactElement {
  const services = useServices();
  const dismiss = (): void => {
    give(services, (client, commandId) => client.problems.dismiss({ problemId: id, commandId })).catch((error: unknown) =>
      toastQueue.show({ tone: 'bad', text: failureText(error) }),
    );
  };
  return (
    <Button size="small" tone="ghost" onClick={dismiss}>
      {en.dismiss}
    </Button>
  );
}
