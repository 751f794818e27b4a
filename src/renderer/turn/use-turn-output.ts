import { useCallback, useEffect, useRef, useState } from 'react';
import { failureText } from '../connection/refusal-of.js';
import { useServices, useView } from '../state/services.js';
import { endOf, hasMoreAbove, hasMoreBelow, openedAt, startOf, withPageAbove, withPageBelow } from './output-window.js';
import type { OutputWindow } from './output-window.js';

/** A page of output, small enough to come at once. */
const pageBytes = 64 * 1024;

interface TurnOutputState {
  /** Null until the first page is there. */
  readonly window: OutputWindow | null;
  readonly failure: string;
  /** Loads the page before the first that is held. */
  readonly above: () => void;
  /** Loads the page after the last that is held. */
  readonly below: () => void;
  /** Lets go what is held and loads the end. */
  readonly toEnd: () => void;
}

/** Asks for a page; what comes of it is a change of the window. */
type Load = (now: OutputWindow | null) => Promise<(then: OutputWindow | null) => OutputWindow | null>;

/** The output of a turn from its end: pages upwards when they are wanted, and what is new while the turn runs. */
export function useTurnOutput(turnId: string, subjectId: string, isRunning: boolean): TurnOutputState {
  const { client } = useServices();
  const isLive = useView((view) => view.connection.kind === 'live');
  const said = useView((view) => view.activity.get(subjectId));
  const [window, setWindow] = useState<OutputWindow | null>(null);
  const [failure, setFailure] = useState('');
  const isBusy = useRef(false);
  const waiting = useRef<Load | null>(null);
  const held = useRef<OutputWindow | null>(null);

  // One question at a time; the newest that came meanwhile is asked when the answer is there, so that no last word is missed.
  const once = useCallback(async (load: Load): Promise<void> => {
    if (isBusy.current) {
      waiting.current = load;
      return;
    }
    isBusy.current = true;
    for (let next: Load | null = load; next !== null;) {
      waiting.current = null;
      try {
        const change = await next(held.current);
        held.current = change(held.current);
        setWindow(held.current);
        setFailure('');
      } catch (error) {
        setFailure(failureText(error));
      }
      next = waiting.current;
    }
    isBusy.current = false;
  }, []);

  const toEnd = useCallback(() => {
    void once(async () => {
      const page = await client().turns.output({ turnId, limitBytes: pageBytes });
      return () => openedAt(page);
    });
  }, [once, client, turnId]);

  const above = useCallback(() => {
    void once(async (now) => {
      if (now === null || !hasMoreAbove(now)) return (then) => then;
      const page = await client().turns.output({ turnId, before: startOf(now), limitBytes: pageBytes });
      return (then) => then && withPageAbove(then, page);
    });
  }, [once, client, turnId]);

  const below = useCallback(() => {
    void once(async (now) => {
      if (now === null) return (then) => then;
      const page = await client().turns.output({ turnId, after: endOf(now), limitBytes: pageBytes });
      return (then) => then && withPageBelow(then, page);
    });
  }, [once, client, turnId]);

  useEffect(() => {
    if (isLive) toEnd();
  }, [isLive, toEnd]);
  // Each sign of life of the turn asks for what is new; so does its end, for the last words.
  useEffect(() => {
    const now = held.current;
    if (isLive && (now === null || !hasMoreBelow(now))) below();
  }, [isLive, said, isRunning, below]);
  return { window, failure, above, below, toEnd };
}
