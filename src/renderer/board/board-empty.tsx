import { SquareKanban } from 'lucide-react';
import type { ReactElement } from 'react';
import { MayDo } from '../app/may-do.js';
import { openDialog } from '../app/page-actions.js';
import { en } from '../i18n/en.js';
import { useServices, useView } from '../state/services.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';

/** The board before the first card. */
export function BoardEmpty(): ReactElement {
  const services = useServices();
  const isPlanning = useView((view) => view.sprint?.status === 'planning');
  const hasEnded = useView((view) => view.sprint !== null && view.sprint.endedAt !== null);
  return (
    <div className="grid min-h-0 flex-1 place-items-center">
      {isPlanning ? (
        <Empty icon={SquareKanban} title={en.board.planning} text={en.board.planningText} />
      ) : (
        <Empty
          icon={SquareKanban}
          title={hasEnded ? en.sprint.noCards : en.board.empty}
          text={en.sprint.noneText}
          action={
            <MayDo method="sprint.start">
              <Button tone="primary" onClick={() => openDialog(services, { kind: 'start-sprint' })}>
                {en.sprint.start}
              </Button>
            </MayDo>
          }
        />
      )}
    </div>
  );
}
