import { Plus } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ChangeData, GutterOptions } from 'react-diff-view';
import { enCard } from '../i18n/en-card.js';
import { lineNumberOf } from './diff-hunks.js';

interface LineGutterProps {
  readonly options: GutterOptions;
  readonly isSplit: boolean;
  /** The line, or all from the last one chosen to it. */
  readonly onQuote: (change: ChangeData, isRange: boolean) => void;
}

/** A line's number, and under the pointer the button that puts the line into the comment. The keyboard has the lines' own keys. */
export function LineGutter({
  options: { change, side, inHoverState, renderDefault },
  isSplit,
  onQuote,
}: LineGutterProps): ReactElement | null {
  if (!isSplit && side === 'old') return null;
  const number = isSplit ? renderDefault() : lineNumberOf(change);
  if (number === undefined || number === null) return null;
  return (
    <span className="relative block">
      {number}
      {inHoverState && (
        <button
          type="button"
          tabIndex={-1}
          aria-label={enCard.diff.comment(lineNumberOf(change))}
          title={enCard.diff.comment(lineNumberOf(change))}
          onClick={(event) => onQuote(change, event.shiftKey)}
          className="absolute top-[1px] -right-[22px] z-[1] grid size-[18px] place-items-center rounded-tag bg-accent text-on-accent"
        >
          <Plus size={13} strokeWidth={2.5} aria-hidden="true" />
        </button>
      )}
    </span>
  );
}
