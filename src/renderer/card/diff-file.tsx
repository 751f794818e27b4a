import { ChevronRight } from 'lucide-react';
import { memo, useState } from 'react';
import type { ReactElement } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import type { DiffFileView } from '../../shared/contract/work-views.js';
import { enCard } from '../i18n/en-card.js';
import { Badge } from '../ui/badge.js';
import { Button } from '../ui/button.js';
import { classNames } from '../ui/class-names.js';
import { DiffCounts } from './diff-counts.js';
import { fileTitle, largeFileLines } from './diff-hunks.js';
import { DiffLines } from './diff-lines.js';
import { setViewed, useDiffSettings } from './diff-settings.js';

const text = enCard.diff;

interface DiffFileProps {
  readonly card: CardView;
  readonly file: DiffFileView;
  readonly viewedKey: string;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
}

/** One file of a diff: its name and counts, a mark for having viewed it, and its lines. */
export function DiffFile({ card, file, viewedKey, isOpen, onToggle }: DiffFileProps): ReactElement {
  const isViewed = useDiffSettings((settings) => settings.viewed.includes(viewedKey));
  const mark = (next: boolean): void => {
    setViewed(viewedKey, next);
    onToggle(!next);
  };
  return (
    <section data-step aria-label={fileTitle(file)} className="scroll-mt-2 overflow-clip rounded-card border border-line">
      <header className="sticky top-0 z-[1] flex items-center gap-2 bg-raise py-1 pr-3 pl-1.5">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={text.toggle(fileTitle(file))}
          onClick={() => onToggle(!isOpen)}
          className="flex min-w-0 flex-1 items-center gap-1 rounded-control py-0.5 text-left"
        >
          <ChevronRight
            size={14}
            aria-hidden="true"
            className={classNames('shrink-0 text-muted transition-transform', isOpen && 'rotate-90')}
          />
          <FileName file={file} />
        </button>
        {text.kinds[file.kind] !== '' && <Badge tone={file.kind === 'removed' ? 'bad' : 'quiet'}>{text.kinds[file.kind]}</Badge>}
        <DiffCounts added={file.added} removed={file.removed} />
        <label className="flex cursor-pointer items-center gap-1.5 text-12 text-muted">
          <input type="checkbox" checked={isViewed} onChange={({ target }) => mark(target.checked)} className="size-3.5 accent-accent" />
          {text.viewed}
        </label>
      </header>
      {isOpen && <Body card={card} file={file} />}
    </section>
  );
}

/** The folder gives way where there is no room, the name stays. */
function FileName({ file }: { readonly file: DiffFileView }): ReactElement {
  const title = fileTitle(file);
  const at = title.lastIndexOf('/') + 1;
  return (
    <span title={title} className="flex min-w-0 font-mono text-12">
      <span className="truncate text-muted">{title.slice(0, at)}</span>
      <span className="max-w-full shrink-0 truncate">{title.slice(at)}</span>
    </span>
  );
}

const Body = memo(function Body({ card, file }: { readonly card: CardView; readonly file: DiffFileView }): ReactElement {
  const lines = file.added + file.removed;
  const [isShown, setShown] = useState(lines <= largeFileLines);
  const why = file.omitted !== '' ? file.omitted : file.isBinary ? text.binary : file.patch === '' ? text.noContent : '';
  if (why !== '') return <p className="border-t border-line px-3 py-2 text-12 text-muted">{why}</p>;
  if (!isShown)
    return (
      <p className="flex items-center gap-2 border-t border-line px-3 py-2 text-12 text-muted">
        <span className="flex-1">{text.large(lines)}</span>
        <Button size="small" onClick={() => setShown(true)}>
          {text.show}
        </Button>
      </p>
    );
  return <DiffLines cardId={card.id} file={file} />;
});
