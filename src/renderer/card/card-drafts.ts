import { create } from 'zustand';

/** What is being asked for in the panel's footer. */
export type ComposerKind = 'request-changes' | 'override-verification' | 'answer' | 'cancel-todo' | 'requeue' | 'revert-todo';

interface Drafts {
  /** Words that were not sent, by card and question. They outlive a reload. */
  readonly texts: Readonly<Record<string, string>>;
  /** The open question of each card. */
  readonly open: Readonly<Record<string, ComposerKind>>;
}

const drawerKey = 'muster.drafts';
const mostKept = 50;

function read(): Readonly<Record<string, string>> {
  const text = localStorage.getItem(drawerKey);
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

const draftStore = create<Drafts>(() => ({ texts: read(), open: {} }));

draftStore.subscribe((now, before) => {
  if (now.texts === before.texts) return;
  localStorage.setItem(drawerKey, JSON.stringify(Object.fromEntries(Object.entries(now.texts).slice(-mostKept))));
});

const keyOf = (cardId: string, kind: ComposerKind): string => `${cardId} ${kind}`;

/** The words for a question that were not sent yet. */
export const useDraft = (cardId: string, kind: ComposerKind): string => draftStore((state) => state.texts[keyOf(cardId, kind)] ?? '');

/** The question that is open in a card's footer; null where none is. */
export const useComposer = (cardId: string): ComposerKind | null => draftStore((state) => state.open[cardId] ?? null);

export const draftOf = (cardId: string, kind: ComposerKind): string => draftStore.getState().texts[keyOf(cardId, kind)] ?? '';

/** Keeps words for a question; empty ones are let go. */
export function setDraft(cardId: string, kind: ComposerKind, text: string): void {
  const key = keyOf(cardId, kind);
  draftStore.setState(({ texts }) => {
    const rest = Object.fromEntries(Object.entries(texts).filter(([other]) => other !== key));
    return { texts: text === '' ? rest : { ...rest, [key]: text } };
  });
}

/** Opens a question in a card's footer, or closes the open one. */
export function setComposer(cardId: string, kind: ComposerKind | null): void {
  draftStore.setState(({ open }) => {
    const rest = Object.fromEntries(Object.entries(open).filter(([id]) => id !== cardId));
    return { open: kind === null ? rest : { ...rest, [cardId]: kind } };
  });
}
