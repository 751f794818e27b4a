import type { ReactElement } from 'react';
import type { BoardCardView } from '../../shared/contract/board-views.js';
import { planMove } from '../../shared/domain/card-moves.js';
import { MayDo } from '../app/may-do.js';
import { AnswerButton } from '../board/answer-button.js';
import { beginMove, factsOf } from '../board/move-flow.js';
import { en } from '../i18n/en.js';
import { giveOnCard } from '../state/give-command.js';
import { useServices } from '../state/services.js';
import { Button } from '../ui/button.js';

const stuck: readonly string[] = ['blocked', 'paused', 'uncommitted', 'failed', 'cancelled', 'carried_over'];

/** What a person can do at once about a card that waits for one. */
export function NeedsYouButtons({ card }: { readonly card: BoardCardView }): ReactElement {
  const services = useServices();
  const approve = planMove(factsOf(card), 'approved');
  const start = card.place === 'todo' && planMove(factsOf(card), 'in_progress').ok;
  const retry = (): void =>
    void giveOnCard(services, card.id, en.card.retry, (client, commandId) => client.todos.retry({ commandId, subjectId: card.id }));
  return (
    <div
      className="flex w-52 shrink-0 justify-end gap-2"
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      {approve.ok && (
        <MayDo method="cards.move">
          <Button size="small" onClick={() => beginMove(services, card, 'todo')}>
            {en.card.requestChanges}
          </Button>
          <Button size="small" tone="approve" onClick={() => beginMove(services, card, 'approved')}>
            {approve.value.label}
          </Button>
        </MayDo>
      )}
      {start && (
        <MayDo method="todos.startNext">
          <Button size="small" tone="primary" onClick={() => beginMove(services, card, 'in_progress')}>
            {en.card.start}
          </Button>
        </MayDo>
      )}
      {card.status === 'blocked' && <AnswerButton id={card.id} />}
      {(stuck.includes(card.status) || card.revert === 'blocked') && (
        <MayDo method="todos.retry">
          <Button size="small" onClick={retry}>
            {en.card.retry}
          </Button>
        </MayDo>
      )}
    </div>
  );
}
