import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { enCard } from '../i18n/en-card.js';
import { classNames } from '../ui/class-names.js';
import { Button } from '../ui/button.js';
import { endOf, hasMoreAbove, hasMoreBelow, startOf, textOf } from './output-window.js';
import type { OutputWindow } from './output-window.js';
import { readableOutput } from './readable-output.js';
import { useColumns } from './use-columns.js';
import { wrapLines } from './wrap-lines.js';

const text = enCard.turn;
const rowHeight = 18;
const mostRows = 20;
const nearRows = 30;

interface OutputRowsProps {
  readonly window: OutputWindow;
  readonly label: string;
  readonly onAbove: () => void;
  readonly onBelow: () => void;
  readonly onToEnd: () => void;
}

/** The rows in sight of what is held. Near its edges more is asked for; at its end, the end is followed. */
export function OutputRows({ window, label, onAbove, onBelow, onToEnd }: OutputRowsProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const columns = useColumns(box);
  const rows = useMemo(() => wrapLines(readableOutput(textOf(window)), columns), [window, columns]);
  const [isFollowing, setFollowing] = useState(true);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 20 });

  // What comes above moves what is read down by as much; what is let go above moves it up.
  const before = useRef({ start: startOf(window), end: endOf(window), rows: rows.length, columns });
  useLayoutEffect(() => {
    const was = before.current;
    const now = { start: startOf(window), end: endOf(window), rows: rows.length, columns };
    before.current = now;
    const element = box.current;
    if (element === null) return;
    if (isFollowing) element.scrollTop = element.scrollHeight;
    else if (now.columns === was.columns && now.start < was.start && now.end <= was.end)
      element.scrollTop += (now.rows - was.rows) * rowHeight;
  }, [window, rows, columns, isFollowing]);

  useEffect(() => {
    if (isFollowing && hasMoreBelow(window)) onToEnd();
  }, [isFollowing, window, onToEnd]);

  const onScroll = (): void => {
    const element = box.current;
    if (element === null) return;
    const toBottom = element.scrollHeight - element.scrollTop - element.clientHeight;
    setFollowing(toBottom < rowHeight * 1.5 && !hasMoreBelow(window));
    if (element.scrollTop < nearRows * rowHeight && hasMoreAbove(window)) onAbove();
    if (toBottom < nearRows * rowHeight && hasMoreBelow(window)) onBelow();
  };
  const toEnd = (): void => {
    setFollowing(true);
    if (hasMoreBelow(window)) onToEnd();
  };
  return (
    <div className="relative">
      <div
        ref={box}
        role="log"
        aria-live="off"
        aria-label={label}
        tabIndex={0}
        onScroll={onScroll}
        style={{ height: Math.min(mostRows, rows.length) * rowHeight + 18 }}
        className="overflow-x-hidden overflow-y-auto rounded-control bg-ink/4 py-2 font-mono text-12 leading-[18px] [font-variant-ligatures:none]"
      >
        <div className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <div
              key={index}
              style={{ transform: `translateY(${start}px)` }}
              className={classNames('absolute inset-x-0 h-[18px] px-2.5 whitespace-pre', rows[index]?.isRest && 'text-muted')}
            >
              {rows[index]?.text}
            </div>
          ))}
        </div>
      </div>
      {!isFollowing && (
        <Button size="small" className="absolute right-3 bottom-2 shadow-float" onClick={toEnd}>
          <ArrowDown size={13} aria-hidden="true" />
          {text.jump}
        </Button>
      )}
    </div>
  );
}
