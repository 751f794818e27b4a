import type { ReactElement } from 'react';
import type { TurnView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { useAsked } from '../state/use-record.js';
import { CopyButton } from '../ui/copy-button.js';
import { Dialog } from '../ui/dialog.js';
import { bytesText } from '../ui/sizes.js';
import { Skeleton } from '../ui/skeleton.js';
import { readableOutput } from './readable-output.js';

const text = enCard.turn;

/** The prompt of a turn as it was sent. */
export function PromptDialog({ turn, onClose }: { readonly turn: TurnView; readonly onClose: () => void }): ReactElement {
  const { asked } = useAsked(turn.id, (client) => client.turns.prompt({ turnId: turn.id }));
  return (
    <Dialog title={text.promptTitle(turn.role)} description={text.promptText(bytesText(turn.promptBytes))} width="large" onClose={onClose}>
      {asked.kind === 'loading' && <Skeleton className="h-64 w-full" />}
      {asked.kind === 'failed' && (
        <p role="alert" className="text-bad">
          {asked.sentence}
        </p>
      )}
      {asked.kind === 'there' && (
        <>
          <p className="flex flex-wrap gap-x-3 pb-2 text-12 text-muted">
            <span>{text.promptVersion(asked.value.version)}</span>
            <CopyButton text={asked.value.sha256} what="hash" shown={`sha256 ${asked.value.sha256.slice(0, 12)}`} />
          </p>
          <pre
            tabIndex={0}
            aria-label={text.prompt}
            className="rounded-control bg-ink/5 p-3 font-mono text-12 leading-[18px] break-words whitespace-pre-wrap"
          >
            {readableOutput(asked.value.text)}
          </pre>
        </>
      )}
    </Dialog>
  );
}
