import '../styles/diff.css';
import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { Decoration, Diff, Hunk, getChangeKey } from 'react-diff-view';
import type { GutterOptions, HunkData } from 'react-diff-view';
import type { DiffFileView } from '../../shared/contract/work-views.js';
import { enCard } from '../i18n/en-card.js';
import { useServices, useUi } from '../state/services.js';
import { classNames } from '../ui/class-names.js';
import { draftOf, setComposer, setDraft } from './card-drafts.js';
import { changesOf, editsOf, hunksOf } from './diff-hunks.js';
import { useDiffSettings } from './diff-settings.js';
import { LineGutter } from './line-gutter.js';
import { quoteLines, withQuote } from './quote-lines.js';

const text = enCard.diff;
const splitFrom = 760;
const types = { added: 'add', removed: 'delete', changed: 'modify', renamed: 'rename' } as const;

/** The lines of a file. A line, or several with Shift, can be put into the comment that asks for changes. */
export function DiffLines({ cardId, file }: { readonly cardId: string; readonly file: DiffFileView }): ReactElement {
  const { ui } = useServices();
  const wrap = useDiffSettings((settings) => settings.wrap);
  const wantsSplit = useDiffSettings((settings) => settings.split);
  const isSplit = useUi((state) => state.panelWidth >= splitFrom) && wantsSplit;
  const hunks = useMemo(() => hunksOf(file), [file]);
  const tokens = useMemo(() => editsOf(hunks), [hunks]);
  const changes = useMemo(() => changesOf(hunks), [hunks]);
  const [at, setAt] = useState(-1);
  const anchor = useRef(-1);
  const body = useRef<HTMLDivElement>(null);

  const quote = (index: number, isRange: boolean): void => {
    const from = isRange && anchor.current >= 0 ? anchor.current : index;
    const chosen = changes.slice(Math.min(from, index), Math.max(from, index) + 1);
    anchor.current = index;
    setAt(index);
    const words = quoteLines(file.path, chosen);
    const draft = draftOf(cardId, 'request-changes');
    setDraft(cardId, 'request-changes', withQuote(draft, words));
    setComposer(cardId, 'request-changes');
    ui.setState({ announcement: text.quoted(words.split('\n')[0] ?? '') });
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.target !== body.current || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' && at >= 0) quote(at, event.shiftKey);
    else if (step !== 0) {
      const next = Math.min(changes.length - 1, Math.max(0, at + step));
      setAt(next);
      body.current.querySelectorAll('tr.diff-line')[next]?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const selected = changes[at];
  return (
    <div
      ref={body}
      role="group"
      tabIndex={0}
      aria-label={text.lines(file.path)}
      onKeyDown={onKey}
      onBlur={() => setAt(-1)}
      className={classNames(
        'overflow-x-auto border-t border-line focus-visible:-outline-offset-2',
        !wrap && 'diff-unwrapped',
        isSplit ? 'diff-two' : 'diff-one',
      )}
    >
      <Diff
        viewType={isSplit ? 'split' : 'unified'}
        diffType={types[file.kind]}
        hunks={hunks}
        tokens={tokens}
        selectedChanges={selected === undefined ? [] : [getChangeKey(selected)]}
        renderGutter={(options: GutterOptions) => (
          <LineGutter options={options} isSplit={isSplit} onQuote={(change, isRange) => quote(changes.indexOf(change), isRange)} />
        )}
      >
        {(all: HunkData[]) =>
          all.flatMap((hunk) => [<HunkHead key={`head ${hunk.content}`} hunk={hunk} />, <Hunk key={hunk.content} hunk={hunk} />])
        }
      </Diff>
    </div>
  );
}

function HunkHead({ hunk }: { readonly hunk: HunkData }): ReactElement {
  return <Decoration>{<span className="block truncate px-3 font-mono text-11 text-faint">{hunk.content}</span>}</Decoration>;
}
