import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { useUi } from '../state/services.js';

/** Puts the focus on the previous or next part of a list (elements with `data-step`) when the panel is told to step. */
export function usePanelStep(list: RefObject<HTMLElement | null>): void {
  const step = useUi((ui) => ui.panelStep);
  const seen = useRef(step.count);
  useEffect(() => {
    if (step.count === seen.current) return;
    seen.current = step.count;
    const parts = [...(list.current?.querySelectorAll<HTMLElement>('[data-step]') ?? [])];
    const at = parts.findIndex((part) => part.contains(document.activeElement));
    const next = parts[Math.min(parts.length - 1, Math.max(0, at + step.by))];
    next?.scrollIntoView({ block: 'start' });
    next?.querySelector('button')?.focus({ preventScroll: true });
  }, [step, list]);
}
