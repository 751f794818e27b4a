import { z } from 'zod';
import { columns } from '../domain/board.js';
import type { PersonCommand, RefusalId } from '../domain/vocabulary.js';

/** Type of a command that a person can give. */
export type PersonCommandType = PersonCommand['type'];

/** What a client sends along with every command. `commandId`: of the client's making; a repeated one gets its first answer. */
export interface CommandOriginInput {
  readonly commandId?: string;
  /** The person's name, where the carrier does not know it better. */
  readonly as?: string;
}

/** The input of a command's method: its fields without those that the runtime looks up. */
export type CommandInput<T extends PersonCommandType> = Omit<Extract<PersonCommand, { type: T }>, 'type' | 'terms'> & CommandOriginInput;

// Ids are keys of plain objects: what every object has by birth is the id of nothing.
const id = z
  .string()
  .min(1)
  .max(200)
  .refine((value) => !(value in {}), 'that is no id');
const text = z.string().max(100_000);
const rank = z.int().min(0).max(1_000_000);

const backlogFields = {
  title: z.string().max(500).exactOptional(),
  summary: text.exactOptional(),
  kind: z.enum(['bug', 'enhancement', 'feature', 'chore']).exactOptional(),
  scope: text.exactOptional(),
  acceptanceCriteria: z.array(text).max(200).exactOptional(),
  priorityRank: rank.exactOptional(),
  dependsOn: z.array(z.string().max(500)).max(200).exactOptional(),
  milestoneTitle: z.string().max(500).exactOptional(),
};

const origin = {
  commandId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,64}$/, 'a command id is 8 to 64 letters, digits, - or _')
    .exactOptional(),
  as: z.string().trim().min(1).max(200).exactOptional(),
};

const command = <S extends z.ZodRawShape>(shape: S) => z.strictObject({ ...shape, ...origin });
const onTodo = command({ todoId: id });
const onRevision = command({ todoId: id, revision: z.int().min(1) });
const verdict = command({ todoId: id, revision: z.int().min(1), comment: text });

/** One schema for the input of every command of a person, keyed by the command's own name. */
export const commandSchemas = {
  'add-backlog-item': command({ fields: z.strictObject({ ...backlogFields, title: z.string().max(500) }) }),
  'edit-backlog-item': command({ backlogId: id, fields: z.strictObject(backlogFields) }),
  'rank-backlog-item': command({ backlogId: id, rank }),
  'drop-backlog-item': command({ backlogId: id, reason: text }),
  'submit-request': command({ text }),
  'cancel-request': command({ requestId: id }),
  'execute-action': command({ actionName: id, params: z.record(id, z.string().max(10_000)) }),
  'start-sprint': command({
    milestone: z.string().max(500),
    brief: text,
    requirements: z.array(text).max(200),
    sourceRequestId: z.string().max(200),
  }),
  'stop-sprint': command({}),
  'resume-sprint': command({}),
  'start-next': onTodo,
  requeue: onTodo,
  approve: verdict,
  'request-changes': verdict,
  'ask-for-review': onRevision,
  'withdraw-review': onRevision,
  'take-back': onRevision,
  'override-verification': command({ todoId: id, revision: z.int().min(1), reason: text }),
  'revert-todo': verdict,
  retry: command({ subjectId: id }),
  answer: command({ subjectId: id, text }),
  'cancel-todo': command({ todoId: id, reason: text }),
  'back-to-backlog': onTodo,
  reorder: command({ todoId: id, order: z.number() }),
  'move-card': command({ todoId: id, revision: z.int().min(1), to: z.enum(columns), comment: text, isConfirmed: z.boolean() }),
  'assign-todo': command({ todoId: id, role: id, member: id }),
  'dismiss-problem': command({
    problemId: z
      .string()
      .min(1)
      .max(1_000)
      .refine((value) => !(value in {}), 'that is no id'),
  }),
  'stop-all': command({}),
} satisfies { readonly [T in PersonCommandType]: z.ZodType<CommandInput<T>> };

/** The contract method of every command, as a path: `review.approve` is `client.review.approve`. */
export const commandMethods: Readonly<Record<PersonCommandType, string>> = {
  'add-backlog-item': 'backlog.add',
  'edit-backlog-item': 'backlog.edit',
  'rank-backlog-item': 'backlog.rank',
  'drop-backlog-item': 'backlog.drop',
  'submit-request': 'requests.submit',
  'cancel-request': 'requests.cancel',
  'execute-action': 'actions.run',
  'start-sprint': 'sprint.start',
  'stop-sprint': 'sprint.stop',
  'resume-sprint': 'sprint.resume',
  'start-next': 'todos.startNext',
  requeue: 'todos.requeue',
  retry: 'todos.retry',
  answer: 'todos.answer',
  'cancel-todo': 'todos.cancel',
  'back-to-backlog': 'todos.backToBacklog',
  reorder: 'todos.reorder',
  'move-card': 'cards.move',
  'assign-todo': 'todos.assign',
  'dismiss-problem': 'problems.dismiss',
  approve: 'review.approve',
  'request-changes': 'review.requestChanges',
  'ask-for-review': 'review.askForReview',
  'withdraw-review': 'review.withdraw',
  'take-back': 'review.takeBack',
  'override-verification': 'review.override',
  'revert-todo': 'review.revert',
  'stop-all': 'stopAll',
};

const refusals: Readonly<Record<RefusalId, true>> = {
  'unknown-id': true,
  'bad-input': true,
  'nothing-to-review': true,
  'not-reported-yet': true,
  'no-receipt': true,
  'nothing-red': true,
  'qa-not-finished': true,
  'comment-required': true,
  'confirmation-required': true,
  'review-open': true,
  'no-review-open': true,
  'approved-already': true,
  'not-approved': true,
  'request-changes-first': true,
  'card-changed': true,
  'own-work': true,
  'may-not-review': true,
  'no-running-sprint': true,
  'sprint-active': true,
  'open-dependency': true,
  'no-free-slot': true,
  'over-cap': true,
  'not-head-of-queue': true,
  halted: true,
  'not-trusted': true,
  'not-blocked': true,
  'already-ended': true,
  'uncommitted-work': true,
  'off-the-board': true,
  'project-not-ready': true,
  'no-effect': true,
  stale: true,
  'may-not': true,
  'same-column': true,
  'turn-under-way': true,
  'not-integrated': true,
  'revert-under-way': true,
  reverted: true,
  'nothing-to-stop': true,
  'nothing-to-resume': true,
  'journal-closed': true,
};

/** An id of any record: todo, request, backlog item or sprint. */
export const idSchema = id;

/** Refusals of what stands between a client and the rules: who may ask, and whether a workspace is there to be asked. */
export const hostRefusalIds = ['not-allowed', 'no-workspace', 'runtime-gone', 'not-kept'] as const;

const refusalIds = [...(Object.keys(refusals) as RefusalId[]), ...hostRefusalIds] as const;

/** A refusal on the wire; `message` is the sentence that people read. */
export const refusalSchema = z.object({ id: z.enum(refusalIds), message: z.string() });

/** The answer to an accepted command: it is durable when this arrives. */
export const acceptedSchema = z.object({
  seq: z.int(),
  events: z.array(z.string()).readonly(),
  createdIds: z.array(z.string()).readonly(),
});
