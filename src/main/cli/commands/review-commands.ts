import type { MusterClient } from '../../../shared/contract/contract.js';
import type { CardView } from '../../../shared/contract/card-views.js';
import { CliError } from '../cli-error.js';
import type { ArgumentSpec, CommandSpec, OptionSpec } from '../command-spec.js';
import { giveCommand } from '../give-command.js';
import type { AcceptedAnswer, Sender } from '../give-command.js';
import type { Invocation } from '../invocation.js';

const card: ArgumentSpec = { usage: '<id>', says: 'the card: a todo id as `muster board` shows it' };
/** `--revision`, for what names the revision that it saw. */
export const revisionOption: OptionSpec = {
  usage: '--revision <number>',
  says: 'the revision that you looked at (default: the current one)',
  atLeast: 1,
};
const comment: OptionSpec = { usage: '--comment <text>', says: 'what you want to say about it' };

/** The todo behind an id, as it is now. */
export async function cardNamed(client: MusterClient, id: string): Promise<CardView> {
  const shown = await client.show({ id });
  if (shown.kind === 'todo') return shown.card;
  throw new CliError(`${id} is a ${shown.kind === 'backlog' ? 'backlog item' : shown.kind}, not a card. \`muster board\` names the cards.`);
}

type OnRevision = { readonly todoId: string; readonly revision: number } & Sender;

const onCard =
  (
    says: (card: CardView, revision: number, person: string) => string,
    give: (client: MusterClient, at: OnRevision, invocation: Invocation) => Promise<AcceptedAnswer>,
  ) =>
  (invocation: Invocation): Promise<number> =>
    giveCommand(invocation, async (client, sender) => {
      const shown = await cardNamed(client, invocation.argument(0));
      const at = { todoId: shown.id, revision: invocation.number('revision') ?? shown.revision, ...sender };
      const answer = await give(client, at, invocation);
      return { answer, says: says(shown, at.revision, sender.as) };
    });

const name = ({ id, title }: CardView): string => `${id} "${title}"`;
const base = { arguments: [card], hasJson: true, isPersons: true } as const;

/** Verdicts on cards. */
export const reviewCommands: readonly CommandSpec[] = [
  {
    ...base,
    path: ['approve'],
    says: 'approve a card',
    options: [revisionOption, comment],
    gives: ['approve'],
    run: onCard(
      (shown, number, person) => `${person} approved ${name(shown)}, revision ${number}.`,
      (client, at, invocation) => client.review.approve({ ...at, comment: invocation.text('comment') }),
    ),
  },
  {
    ...base,
    path: ['request-changes'],
    says: 'send a card back with a comment',
    options: [{ ...comment, isRequired: true }, revisionOption],
    gives: ['request-changes'],
    run: onCard(
      (shown, number, person) => `${person} asked for changes on ${name(shown)}, revision ${number}.`,
      (client, at, invocation) => client.review.requestChanges({ ...at, comment: invocation.text('comment') }),
    ),
  },
  {
    ...base,
    path: ['take-back'],
    says: 'take an approval back; the commit stays',
    options: [revisionOption],
    gives: ['take-back'],
    run: onCard(
      (shown, number, person) => `${person} took back the approval of ${name(shown)}, revision ${number}.`,
      (client, at) => client.review.takeBack(at),
    ),
  },
  {
    ...base,
    path: ['override'],
    says: 'land a card that is blocked by a red verification; its receipt says not verified, who and why',
    options: [{ usage: '--reason <text>', says: 'why it may pass', isRequired: true }, revisionOption],
    gives: ['override-verification'],
    run: onCard(
      (shown, number, person) => `${person} let the red verification of ${name(shown)}, revision ${number}, pass.`,
      (client, at, invocation) => client.review.override({ ...at, reason: invocation.text('reason') }),
    ),
  },
  {
    ...base,
    path: ['revert'],
    says: 'undo the commit of a card on the target; the card stays',
    options: [{ ...comment, isRequired: true }, revisionOption],
    gives: ['revert-todo'],
    run: onCard(
      (shown, number, person) =>
        `${person} has ${name(shown)}, revision ${number}, reverted: a commit that undoes it is on its way to the target.`,
      (client, at, invocation) => client.review.revert({ ...at, comment: invocation.text('comment') }),
    ),
  },
  {
    ...base,
    path: ['ask-for-review'],
    says: 'ask a person for a review of a card',
    options: [revisionOption],
    gives: ['ask-for-review'],
    run: onCard(
      (shown, number, person) => `${person} asked for a review of ${name(shown)}, revision ${number}.`,
      (client, at) => client.review.askForReview(at),
    ),
  },
  {
    ...base,
    path: ['withdraw-review'],
    says: 'withdraw a review that was asked for',
    options: [revisionOption],
    gives: ['withdraw-review'],
    run: onCard(
      (shown, number, person) => `${person} withdrew the review of ${name(shown)}, revision ${number}.`,
      (client, at) => client.review.withdraw(at),
    ),
  },
];
