import type { ReactElement } from 'react';
import { enCard } from '../i18n/en-card.js';
import { en } from '../i18n/en.js';
import { Button } from '../ui/button.js';
import { Dot } from '../ui/dot.js';
import { bytesText } from '../ui/sizes.js';
import { Skeleton } from '../ui/skeleton.js';
import { OutputRows } from './output-rows.js';
import { useTurnOutput } from './use-turn-output.js';

const text = enCard.turn;

interface TurnOutputProps {
  readonly turnId: string;
  readonly subjectId: string;
  readonly member: string;
  readonly isRunning: boolean;
}

/** What a turn says and does, from its end; while it runs the end is followed until somebody scrolls away from it. */
export function TurnOutput({ turnId, subjectId, member, isRunning }: TurnOutputProps): ReactElement {
  const { window, failure, above, below, toEnd } = useTurnOutput(turnId, subjectId, isRunning);
  return (
    <section aria-label={text.outputLabel(member)} className="flex flex-col gap-1">
      <p className="flex items-center gap-2 text-12 text-muted">
        <span className="font-medium">{text.outputTitle}</span>
        {window !== null && window.size > 0 && <span className="text-faint">{bytesText(window.size)}</span>}
        <span className="flex-1" />
        {isRunning && (
          <span className="flex items-center gap-1.5 text-prog">
            <Dot tone="prog" isRunning />
            {text.live}
          </span>
        )}
      </p>
      {failure !== '' && (
        <p role="alert" className="flex items-center gap-2 text-12 text-bad">
          <span className="min-w-0 flex-1">{failure}</span>
          <Button size="small" onClick={toEnd}>
            {en.retry}
          </Button>
        </p>
      )}
      {window === null && failure === '' && <Skeleton className="h-40 w-full" />}
      {window !== null && window.size === 0 && <p className="text-12 text-muted">{isRunning ? text.outputEmpty : text.outputNothing}</p>}
      {window !== null && window.size > 0 && (
        <OutputRows window={window} label={text.outputLabel(member)} onAbove={above} onBelow={below} onToEnd={toEnd} />
      )}
    </section>
  );
}
