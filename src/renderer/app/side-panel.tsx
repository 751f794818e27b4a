import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent, ReactElement, ReactNode } from 'react';
import { en } from '../i18n/en.js';
import { useServices, useUi } from '../state/services.js';

const narrowest = 360;
const widest = 960;
const step = 24;

const clamp = (width: number): number => Math.round(Math.min(widest, Math.max(narrowest, width)));

interface SidePanelProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** The panel on the right: as wide as its reader made it, over the whole page where that is narrow. */
export function SidePanel({ label, children }: SidePanelProps): ReactElement {
  const { ui } = useServices();
  const width = useUi((state) => state.panelWidth);
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const setWidth = (next: number): void => ui.setState({ panelWidth: clamp(next) });

  const onMove = (event: PointerEvent): void => {
    if (start.current !== null) setWidth(start.current.width + start.current.x - event.clientX);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    event.stopPropagation();
    setWidth(width + (event.key === 'ArrowLeft' ? step : -step));
  };

  return (
    <aside
      aria-label={label}
      style={{ '--panel': `${width}px` } as Record<string, string>}
      className="appearing relative flex w-(--panel) max-w-[60vw] shrink-0 flex-col border-l border-line bg-surface max-[1100px]:absolute max-[1100px]:inset-0 max-[1100px]:bottom-7 max-[1100px]:z-20 max-[1100px]:w-full max-[1100px]:max-w-none"
    >
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={en.panelWidth}
        aria-valuenow={width}
        aria-valuemin={narrowest}
        aria-valuemax={widest}
        tabIndex={0}
        onKeyDown={onKey}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = { x: event.clientX, width };
        }}
        onPointerMove={onMove}
        onPointerUp={() => (start.current = null)}
        className="absolute top-0 bottom-0 -left-1 z-10 w-2 cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-[3px] after:w-0.5 after:bg-transparent after:transition-colors hover:after:bg-accent focus-visible:outline-none focus-visible:after:bg-accent max-[1100px]:hidden"
      />
      {children}
    </aside>
  );
}
