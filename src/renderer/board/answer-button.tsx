import type { ReactElement } from 'react';
import { useMay } from '../app/may-do.js';
import { openDialog } from '../app/page-actions.js';
import { en } from '../i18n/en.js';
import { useServices } from '../state/services.js';
import { Button } from '../ui/button.js';

/** Answers a blocked card from the board. */
export function AnswerButton({ id }: { readonly id: string }): ReactElement | null {
  const services = useServices();
  if (!useMay('todos.answer')) return null;
  return (
    <Button
      size="small"
      onPointerDown={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.stopPropagation();
        openDialog(services, { kind: 'answer', cardId: id });
      }}
    >
      {en.card.answer}
    </Button>
  );
}
