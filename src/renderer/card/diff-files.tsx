import { ChevronsDownUp, ChevronsUpDown, Columns2, WrapText } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import type { CardDiffView } from '../../shared/contract/work-views.js';
import { instructionFilesAmong } from '../../shared/domain/instruction-files.js';
import { enCard } from '../i18n/en-card.js';
import { useUi } from '../state/services.js';
import { classNames } from '../ui/class-names.js';
import { IconButton } from '../ui/icon-button.js';
import { DiffCounts } from './diff-counts.js';
import { DiffFile } from './diff-file.js';
import { largeFileLines, viewedKey } from './diff-hunks.js';
import { setDiffSettings, useDiffSettings } from './diff-settings.js';
import { usePanelStep } from './use-panel-step.js';

const text = enCard.diff;
const splitFrom = 760;

interface DiffFilesProps {
  readonly card: CardView;
  readonly diff: CardDiffView;
  readonly picker: ReactNode;
}

/** All files of a diff; `[` and `]` go from one to the next. */
export function DiffFiles({ card, diff, picker }: DiffFilesProps): ReactElement {
  const viewed = useDiffSettings((settings) => settings.viewed);
  const keyOf = (path: string): string => viewedKey(card.id, diff.head, path);
  const [closed, setClosed] = useState<ReadonlySet<string>>(
    () =>
      new Set(
        diff.files
          .filter((file) => viewed.includes(keyOf(file.path)) || file.added + file.removed > largeFileLines)
          .map(({ path }) => path),
      ),
  );
  const list = useRef<HTMLDivElement>(null);
  usePanelStep(list);
  const toggle = (path: string, isOpen: boolean): void =>
    setClosed((before) => new Set(isOpen ? [...before].filter((other) => other !== path) : [...before, path]));
  const obeyed = instructionFilesAmong(diff.files.map(({ path }) => path));
  const isAllClosed = closed.size === diff.files.length;
  return (
    <>
      <div className="flex items-center gap-2">
        {picker}
        <span className="text-12 whitespace-nowrap text-muted">
          {text.files(diff.files.length)} <DiffCounts added={diff.addedTotal} removed={diff.removedTotal} />
        </span>
        <span className="flex-1" />
        <DiffOptions
          seen={diff.files.filter(({ path }) => viewed.includes(keyOf(path))).length}
          all={diff.files.length}
          isAllClosed={isAllClosed}
          onToggleAll={() => setClosed(new Set(isAllClosed ? [] : diff.files.map(({ path }) => path)))}
        />
      </div>
      {diff.of === 'checkpoint' && <p className="text-12 text-muted">{text.checkpoint}</p>}
      {obeyed.length > 0 && <p className="text-12 break-words text-you">{text.obeyed(obeyed)}</p>}
      <div ref={list} className="flex flex-col gap-3">
        {diff.files.map((file) => (
          <DiffFile
            key={file.path}
            card={card}
            file={file}
            viewedKey={keyOf(file.path)}
            isOpen={!closed.has(file.path)}
            onToggle={(isOpen) => toggle(file.path, isOpen)}
          />
        ))}
      </div>
    </>
  );
}

interface DiffOptionsProps {
  readonly seen: number;
  readonly all: number;
  readonly isAllClosed: boolean;
  readonly onToggleAll: () => void;
}

function DiffOptions({ seen, all, isAllClosed, onToggleAll }: DiffOptionsProps): ReactElement {
  const { wrap, split } = useDiffSettings((settings) => settings);
  const isRoomy = useUi((ui) => ui.panelWidth >= splitFrom);
  const pressed = (isOn: boolean): string => classNames(isOn && 'bg-hover text-ink');
  return (
    <div className="flex items-center">
      <span className="mr-1 text-12 whitespace-nowrap text-muted">{text.viewedOf(seen, all)}</span>
      <IconButton
        icon={isAllClosed ? ChevronsUpDown : ChevronsDownUp}
        size="small"
        label={isAllClosed ? text.expandAll : text.collapseAll}
        onClick={onToggleAll}
      />
      <IconButton
        icon={WrapText}
        size="small"
        label={text.wrap}
        aria-pressed={wrap}
        className={pressed(wrap)}
        onClick={() => setDiffSettings({ wrap: !wrap })}
      />
      {isRoomy && (
        <IconButton
          icon={Columns2}
          size="small"
          label={text.split}
          aria-pressed={split}
          className={pressed(split)}
          onClick={() => setDiffSettings({ split: !split })}
        />
      )}
    </div>
  );
}
