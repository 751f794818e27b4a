import type { BoardCardView } from '../../shared/contract/board-views.js';
import type { Tone } from '../ui/tone.js';
import { en } from '../i18n/en.js';

/** The part of an id that people tell cards apart by: `todo-140422-51a086` is `51a086`. */
export const shortId = (id: string): string => id.replace(/^todo-(\d{6}-)?/, '');

/** A refusal as it is read beside the card itself: what names the card everywhere else is *this card* here. */
export const besideCard = (reason: string, { id, title }: Pick<BoardCardView, 'id' | 'title'>): string =>
  capital(reason.replaceAll(`${id} "${title}"`, en.card.thisCard));

const badgeTones: Readonly<Record<string, Tone>> = {
  needs_fix: 'you',
  blocked: 'bad',
  failed: 'bad',
  uncommitted: 'bad',
  paused: 'you',
  waits_for_person: 'accent',
  waits_for_working_tree: 'you',
  held: 'you',
  verified: 'done',
  with_gaps: 'you',
  not_verified: 'bad',
  rehearsal: 'rev',
  changed_by_hand: 'you',
  reverted: 'bad',
};

export const badgeTone = (id: string): Tone => badgeTones[id] ?? 'quiet';
export const badgeWord = (id: string): string => en.badges[id] ?? id.replaceAll('_', ' ');

/** Badges of the receipt stand with the receipt, and what a rehearsal is says the strip. */
const elsewhere: readonly string[] = ['verified', 'with_gaps', 'not_verified', 'rehearsal', 'waits_for_person'];

/** The badges that a card shows beside its id. */
export const headBadges = ({ badges }: BoardCardView): readonly string[] => badges.filter((badge) => !elsewhere.includes(badge));

const isEnded = ({ status }: BoardCardView): boolean => ['cancelled', 'failed', 'carried_over'].includes(status);

/** The sentence under a card's title, in the tone of who has to act; null where the card needs none. */
export function waitLine(card: BoardCardView): { readonly text: string; readonly isForYou: boolean } | null {
  const { waitingFor, status, badges, badgeReasons } = card;
  const request = badges.includes('needs_fix') ? (badgeReasons['needs_fix'] ?? '') : '';
  if (waitingFor === '' || (status === 'running' && !card.needsPerson)) return request === '' ? null : { text: request, isForYou: false };
  if (isEnded(card)) return { text: badgeReasons[status] ?? waitingFor, isForYou: true };
  // That it waits for a verdict says the column already; that an approved one waits for another, or a revert for somebody, does not.
  const saysColumn = card.place === 'done' && card.dependsOnOpen.length === 0 && !card.waitingFor.includes('working tree');
  if (saysColumn && card.revert !== 'blocked' && !badges.includes('needs_fix')) return null;
  if (card.needsPerson) return { text: capital(waitingFor), isForYou: true };
  if (request !== '') return { text: `“${request}”`, isForYou: false };
  // Sent back after its sprint: the words are with its rework, and where that is says the runtime.
  if (badges.includes('needs_fix')) return { text: capital(waitingFor), isForYou: false };
  return card.dependsOnOpen.length > 0 ? { text: capital(waitingFor), isForYou: false } : null;
}

/** A sentence's first letter in upper case. */
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
