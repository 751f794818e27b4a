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

/** The output of a turn from its end: pages upwards when they are wanted, and what is new while the turn runs. */
export function useTurnOutput(turnId: string, subjectId: string, isRunning: boolean): TurnOutputState {
  const { client } = useServices();
  const isLive = useView((view) => view.connection.kind === 'live');
  const said = useView((view) => view.activity.get(subjectId));
  const [window, setWindow] = useState<OutputWindow | null>(null);
  const [failure, setFailure] = useState('');
  const isBusy = useRef(false);
  const held = useRef<OutputWindow | null>(null);
  useEffect(() => {
    held.current = window;
  });

  const once = useCallback(async (load: () => Promise<(now: OutputWindow | null) => OutputWindow | null>): Promise<void> => {
    if (isBusy.current) return;
    isBusy.current = true;
    try {
      const change = await load();
      setWindow(change);
      setFailure('');
    } catch (error) {
      setFailure(failureText(error));
    } finally {
      isBusy.current = false;
    }
  }, []);

  const toEnd = useCallback(() => {
    void once(async () => {
      const page = await client().turns.output({ turnId, limitBytes: pageBytes });
      return () => openedAt(page);
    });
  }, [once, client, turnId]);

  const above = useCallback(() => {
    const now = held.current;
    if (now === null || !hasMoreAbove(now)) return;
    void once(async () => {
      const page = await client().turns.output({ turnId, before: startOf(now), limitBytes: pageBytes });
      return (then) => then && withPageAbove(then, page);
    });
  }, [once, client, turnId]);

  const below = useCallback(() => {
    const now = held.current;
    if (now === null) return;
    void once(async () => {
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
    if (isLive && now !== null && !hasMoreBelow(now)) below();
  }, [isLive, said, isRunning, below]);
  return { window, failure, above, below, toEnd };
}
