import { eventIterator, oc } from '@orpc/contract';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import { acceptedSchema, commandSchemas, idSchema, refusalSchema } from './command-schemas.js';
import { actionsViewSchema, operationSchema } from './action-views.js';
import { livePlaceSchema, liveSchema } from './live-events.js';
import { boardSchema, problemSchema } from './board-views.js';
import { receiptViewSchema } from './card-views.js';
import { backlogSchema, cleanUpSchema, listSchema, showSchema, sprintSchema, statusSchema } from './views.js';
import { cardDiffSchema, largestPageBytes, textPageSchema, trustSchema, turnOutputSchema, turnPromptSchema } from './work-views.js';

/** A refusal of any method: the same id and sentence whatever carries it. */
export const contractErrors = { REFUSED: { status: 409, message: 'It was refused.', data: refusalSchema } };

const base = oc.errors(contractErrors);
const command = <S extends z.ZodType>(summary: string, schema: S) => base.route({ summary }).input(schema).output(acceptedSchema);
const read = <S extends z.ZodType>(summary: string, schema: S) => base.route({ method: 'GET', summary }).output(schema);
const look = <I extends z.ZodType, S extends z.ZodType>(summary: string, input: I, schema: S) =>
  base.route({ summary }).input(input).output(schema);

const place = z.int().min(0);
const limitBytes = z.int().min(1).max(largestPageBytes).exactOptional();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hexadecimal digits');

/**
 * Everything that a client can ask of a runtime, whatever carries it. Each command of `PersonCommand` is one method; each refuses
 * with `REFUSED` and the reason that every other way in gets too. Reads change nothing.
 */
export const contract = {
  board: read('The board: columns left to right, cards in order', boardSchema),
  status: read('The workspace at a glance', statusSchema),
  list: read('Roles, sprints and requests by name', listSchema),
  problems: {
    list: read('What a person has to see to', z.array(problemSchema)),
    dismiss: command('Take a problem off the list; one that is still true comes back', commandSchemas['dismiss-problem']),
  },
  show: look('What an id stands for', z.strictObject({ id: idSchema, as: z.string().exactOptional() }), showSchema),
  receipts: look('Receipts of one todo or of all', z.strictObject({ todoId: idSchema.exactOptional() }), z.array(receiptViewSchema)),
  receiptOutput: look(
    'A page of the output of a command that a receipt names, from its beginning',
    z.strictObject({ sha256, offset: place.exactOptional(), limitBytes }),
    textPageSchema,
  ),
  live: base
    .route({ summary: 'What happens, while it happens' })
    .input(z.strictObject({ after: livePlaceSchema.exactOptional() }).optional())
    .output(eventIterator(liveSchema)),
  backlog: {
    list: read('The backlog in its order of work', backlogSchema),
    add: command('Add a backlog item', commandSchemas['add-backlog-item']),
    edit: command('Change fields of a backlog item', commandSchemas['edit-backlog-item']),
    rank: command('Rank a backlog item', commandSchemas['rank-backlog-item']),
    drop: command('Drop a backlog item', commandSchemas['drop-backlog-item']),
  },
  requests: {
    submit: command('Ask the team for something', commandSchemas['submit-request']),
    cancel: command('Cancel a request', commandSchemas['cancel-request']),
  },
  actions: {
    list: read('The actions that may be asked for, and the newest runs of them', actionsViewSchema),
    show: look('One run of an action', z.strictObject({ operationId: idSchema }), operationSchema),
    run: command('Run an action of the configuration', commandSchemas['execute-action']),
  },
  sprint: {
    status: read('The active sprint, else the latest; null before the first', sprintSchema.nullable()),
    start: command('Start a sprint', commandSchemas['start-sprint']),
    stop: command('End the sprint after the work in hand', commandSchemas['stop-sprint']),
    resume: command('Go on with a paused sprint or after everything was stopped', commandSchemas['resume-sprint']),
  },
  todos: {
    startNext: command('Start a queued todo', commandSchemas['start-next']),
    requeue: command('Stop a todo and queue it again', commandSchemas['requeue']),
    retry: command('Try a blocked or ended todo or request again', commandSchemas['retry']),
    answer: command('Answer what a todo or request waits for', commandSchemas['answer']),
    cancel: command('Cancel a todo', commandSchemas['cancel-todo']),
    backToBacklog: command('Put a todo back to the backlog', commandSchemas['back-to-backlog']),
    reorder: command('Change the place of a card within its column', commandSchemas['reorder']),
    assign: command('Say which member acts for a role in a todo', commandSchemas['assign-todo']),
  },
  cards: {
    move: command('Move a card on the board, as the table of moves allows', commandSchemas['move-card']),
    diff: look(
      'What a revision changes, file by file',
      z.strictObject({ todoId: idSchema, revision: z.int().min(1).exactOptional() }),
      cardDiffSchema,
    ),
  },
  review: {
    approve: command('Approve a revision', commandSchemas['approve']),
    requestChanges: command('Ask for changes on a revision', commandSchemas['request-changes']),
    askForReview: command('Ask for a review of a revision', commandSchemas['ask-for-review']),
    withdraw: command('Withdraw the review of a revision', commandSchemas['withdraw-review']),
    takeBack: command('Take the approval of a revision back', commandSchemas['take-back']),
    override: command('Let the red verification of a revision pass, with a reason', commandSchemas['override-verification']),
    revert: command('Undo the commit of a revision on the target', commandSchemas['revert-todo']),
  },
  turns: {
    output: look(
      'A page of what a turn said and did: its end, what lies before byte `before`, or what lies after byte `after`',
      z.strictObject({ turnId: idSchema, before: place.exactOptional(), after: place.exactOptional(), limitBytes }),
      turnOutputSchema,
    ),
    prompt: look('The prompt of a turn', z.strictObject({ turnId: idSchema }), turnPromptSchema),
  },
  trust: {
    show: read('What the workspace would run on this machine', trustSchema),
    accept: look('Accept what the workspace would run, by the hash that was shown', z.strictObject({ hash: sha256 }), trustSchema),
  },
  cleanUp: look(
    'Remove what ended work left on the disk and nobody needs, or say what would go',
    z.strictObject({ isDry: z.boolean() }),
    cleanUpSchema,
  ),
  stopAll: command('Stop everything at once', commandSchemas['stop-all']),
};

/** A client of the contract, in this process or across a carrier. */
export type MusterClient = ContractRouterClient<typeof contract>;
