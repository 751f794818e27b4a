import { useCallback, useEffect, useRef, useState } from 'react';
import type { AppClient } from '../../shared/contract/app-contract.js';
import { failureText, refusalOf } from '../connection/refusal-of.js';
import { useServices, useView } from './services.js';

/** Something that was asked for. While it is asked for again, what was there stays. */
export type Asked<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'there'; readonly value: T }
  | { readonly kind: 'failed'; readonly id: string; readonly sentence: string };

/**
 * Asks the runtime for something, and again whenever `key` changes; an answer that comes after a newer question is dropped. Waits
 * while there is no link. `again` asks once more.
 */
export function useAsked<T>(key: string, ask: (client: AppClient) => Promise<T>): { readonly asked: Asked<T>; readonly again: () => void } {
  const { client } = useServices();
  const isLive = useView((view) => view.connection.kind === 'live');
  const [asked, setAsked] = useState<Asked<T>>({ kind: 'loading' });
  const [round, setRound] = useState(0);
  const question = useRef(ask);
  useEffect(() => {
    question.current = ask;
  });
  useEffect(() => {
    if (!isLive) return;
    let isOld = false;
    const answer = async (): Promise<Asked<T>> => {
      try {
        return { kind: 'there', value: await question.current(client()) };
      } catch (error) {
        return { kind: 'failed', id: refusalOf(error)?.id ?? '', sentence: failureText(error) };
      }
    };
    void answer().then((next) => {
      if (!isOld) setAsked(next);
    });
    return () => {
      isOld = true;
    };
  }, [key, round, isLive, client]);
  return { asked, again: useCallback(() => setRound((before) => before + 1), []) };
}

/** When a thing changed last, as text; a new one is the sign to ask for its details again. */
export const useTouched = (id: string): string => useView((view) => `${view.isLoaded} ${view.touched.get(id) ?? 0}`);
