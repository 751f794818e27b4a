import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { KeyboardEvent, ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.js';

const rowHeight = 76;

interface MasterListProps {
  readonly label: string;
  readonly ids: readonly string[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
  readonly draw: (id: string) => ReactNode;
}

/** A list beside the detail of one of its things: arrow keys choose, only the rows in sight are drawn. */
export function MasterList({ label, ids, chosen, onChoose, draw }: MasterListProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: ids.length, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 6 });
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = Math.min(ids.length - 1, Math.max(0, ids.indexOf(chosen) + by));
    const next = ids[at];
    if (next === undefined) return;
    virtual.scrollToIndex(at);
    onChoose(next);
  };
  return (
    <div ref={box} className="w-[300px] shrink-0 overflow-auto border-r border-line p-2">
      <div
        role="listbox"
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={`option-${chosen}`}
        onKeyDown={onKeyDown}
        className="relative rounded-control"
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const id = ids[index] ?? '';
          const isChosen = id === chosen;
          return (
            <div
              key={id}
              id={`option-${id}`}
              role="option"
              aria-selected={isChosen}
              onClick={() => onChoose(id)}
              style={{ transform: `translateY(${start}px)` }}
              className={classNames(
                'absolute inset-x-0 flex h-[72px] cursor-pointer flex-col justify-center gap-0.5 rounded-control px-2.5 transition-colors',
                isChosen ? 'bg-surface shadow-card' : 'hover:bg-hover',
              )}
            >
              {draw(id)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
