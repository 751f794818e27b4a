/** What a session may do, from least to most (rules 6). */
export const accessRoles = ['viewer', 'reviewer', 'lead'] as const;

export type AccessRole = (typeof accessRoles)[number];

/** Whether a session of one role may do what needs another. */
export const mayAs = (role: AccessRole, least: AccessRole): boolean => accessRoles.indexOf(role) >= accessRoles.indexOf(least);

/**
 * The least role for every method of the app's contract, by its path. Of `cards.move` a reviewer may do the moves that are verdicts
 * (`isVerdictMove`).
 */
export const leastRole: Readonly<Record<string, AccessRole>> = {
  board: 'viewer',
  status: 'viewer',
  list: 'viewer',
  'problems.list': 'viewer',
  'problems.dismiss': 'lead',
  show: 'viewer',
  receipts: 'viewer',
  receiptOutput: 'viewer',
  live: 'viewer',
  'backlog.list': 'viewer',
  'backlog.add': 'lead',
  'backlog.edit': 'lead',
  'backlog.rank': 'lead',
  'backlog.drop': 'lead',
  'requests.submit': 'lead',
  'requests.cancel': 'lead',
  'actions.list': 'viewer',
  'actions.show': 'viewer',
  'actions.run': 'lead',
  'sprint.status': 'viewer',
  'sprint.start': 'lead',
  'sprint.stop': 'lead',
  'sprint.resume': 'lead',
  'todos.startNext': 'lead',
  'todos.requeue': 'lead',
  'todos.retry': 'lead',
  'todos.answer': 'lead',
  'todos.cancel': 'lead',
  'todos.backToBacklog': 'lead',
  'todos.reorder': 'lead',
  'todos.assign': 'lead',
  'review.approve': 'reviewer',
  'review.requestChanges': 'reviewer',
  'review.askForReview': 'reviewer',
  'review.withdraw': 'reviewer',
  'review.takeBack': 'reviewer',
  'review.override': 'lead',
  'review.revert': 'reviewer',
  'cards.move': 'reviewer',
  'cards.diff': 'viewer',
  'turns.output': 'viewer',
  'turns.prompt': 'viewer',
  'trust.show': 'viewer',
  'trust.accept': 'lead',
  cleanUp: 'lead',
  stopAll: 'lead',
  'people.me': 'viewer',
  'people.rename': 'viewer',
  'host.version': 'viewer',
  'host.workspaces': 'viewer',
  'host.guess': 'lead',
  'host.create': 'lead',
  'host.open': 'lead',
  'host.openSample': 'lead',
  'host.runSample': 'lead',
};

const verdictSteps: readonly string[] = ['approve', 'request-changes', 'ask-for-review', 'withdraw-review', 'take-back'];

/** Whether a move is nothing but verdicts, so that a reviewer may make it. */
export const isVerdictMove = (steps: readonly string[]): boolean => steps.every((step) => verdictSteps.includes(step));
