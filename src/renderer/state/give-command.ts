import type { AppClient } from '../../shared/contract/app-contract.js';
import { failureText } from '../connection/refusal-of.js';
import type { Services } from './services.js';
import type { UiStore } from './ui-store.js';

interface Accepted {
  readonly seq: number;
  readonly createdIds: readonly string[];
}

type Ask<T> = (client: AppClient, commandId: string) => Promise<T>;

/** A command's id: the runtime answers a repeated one with its first answer, so that a command sent twice happens once. */
export const newCommandId = (): string => `page-${crypto.randomUUID()}`;

/** Gives a command that is about no card. Rejects with the sentence of the refusal, for the place that asked. */
export const give = <T>({ client }: Pick<Services, 'client'>, ask: Ask<T>): Promise<T> => ask(client(), newCommandId());

/**
 * Gives a command on a card. Until its change is in the views the card says what is being done; a refusal stands beside the card.
 * Resolves with whether it was accepted.
 */
export async function giveOnCard({ client, ui, views }: Services, cardId: string, label: string, ask: Ask<Accepted>): Promise<boolean> {
  dismissRefusal(ui, cardId);
  ui.setState(({ pending }) => ({ pending: { ...pending, [cardId]: { label, seq: 0 } } }));
  try {
    const { seq } = await give({ client }, ask);
    ui.setState(({ pending }) => ({ pending: { ...pending, [cardId]: { label, seq } } }));
    clearPending(ui, views.getState().seq);
    return true;
  } catch (error) {
    ui.setState(({ pending }) => ({ pending: without(pending, cardId) }));
    refuse(ui, cardId, failureText(error));
    return false;
  }
}

/** Takes the mark off cards whose change is in the views. */
export function clearPending(ui: UiStore, seq: number): void {
  const { pending } = ui.getState();
  const left = Object.entries(pending).filter(([, move]) => move.seq === 0 || move.seq > seq);
  if (left.length < Object.keys(pending).length) ui.setState({ pending: Object.fromEntries(left) });
}

/** Shows beside a card why it was refused, and says it. */
export function refuse(ui: UiStore, cardId: string, reason: string): void {
  ui.setState(({ refusals }) => ({ refusals: { ...refusals, [cardId]: reason }, announcement: reason }));
}

export function dismissRefusal(ui: UiStore, cardId: string): void {
  if (ui.getState().refusals[cardId] !== undefined) ui.setState(({ refusals }) => ({ refusals: without(refusals, cardId) }));
}

const without = <T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([other]) => other !== key));
