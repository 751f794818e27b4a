import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

const sidePadding = 20;
const scrollbar = 12;
const fallbackWidth = 7.2;

/** The width of a letter of the mono type at 12 px. */
function letterWidth(): number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return fallbackWidth;
  context.font = `12px ${getComputedStyle(document.documentElement).getPropertyValue('--mono')}`;
  const width = context.measureText('0'.repeat(100)).width / 100;
  return width > 0 ? width : fallbackWidth;
}

/** How many letters fit a line of a box of mono text, kept true while the box changes its width. */
export function useColumns(box: RefObject<HTMLElement | null>): number {
  const [columns, setColumns] = useState(80);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void => setColumns(Math.max(20, Math.floor((element.clientWidth - sidePadding - scrollbar) / letterWidth())));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    document.fonts.ready.then(measure, measure);
    return () => observer.disconnect();
  }, [box]);
  return columns;
}
