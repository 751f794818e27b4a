import { eventIterator, oc } from '@orpc/contract';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import { acceptedSchema, commandSchemas, idSchema, refusalSchema } from './command-schemas.js';
import {
  backlogSchema,
  boardSchema,
  listSchema,
  liveSchema,
  problemSchema,
  receiptViewSchema,
  showSchema,
  sprintSchema,
  statusSchema,
} from './views.js';

const errors = { REFUSED: { status: 409, data: refusalSchema } };

const base = oc.errors(errors);
const command = <S extends z.ZodType>(schema: S) => base.input(schema).output(acceptedSchema);
const read = <S extends z.ZodType>(schema: S) => base.output(schema);

/**
 * Everything that a client can ask of a runtime, whatever carries it. Each command of `PersonCommand` is one method; each refuses
 * with `REFUSED` and the reason that every other way in gets too. Reads change nothing.
 */
export const contract = {
  board: read(boardSchema),
  status: read(statusSchema),
  list: read(listSchema),
  problems: read(z.array(problemSchema)),
  show: read(showSchema).input(z.strictObject({ id: idSchema, as: z.string().exactOptional() })),
  receipts: read(z.array(receiptViewSchema)).input(z.strictObject({ todoId: idSchema.exactOptional() })),
  live: base.output(eventIterator(liveSchema)),
  backlog: {
    list: read(backlogSchema),
    add: command(commandSchemas['add-backlog-item']),
    edit: command(commandSchemas['edit-backlog-item']),
    rank: command(commandSchemas['rank-backlog-item']),
    drop: command(commandSchemas['drop-backlog-item']),
  },
  requests: {
    submit: command(commandSchemas['submit-request']),
    cancel: command(commandSchemas['cancel-request']),
  },
  sprint: {
    /** The active sprint, else the latest; null before the first. */
    status: read(sprintSchema.nullable()),
    start: command(commandSchemas['start-sprint']),
    stop: command(commandSchemas['stop-sprint']),
    resume: command(commandSchemas['resume-sprint']),
  },
  todos: {
    startNext: command(commandSchemas['start-next']),
    requeue: command(commandSchemas['requeue']),
    retry: command(commandSchemas['retry']),
    answer: command(commandSchemas['answer']),
    cancel: command(commandSchemas['cancel-todo']),
    backToBacklog: command(commandSchemas['back-to-backlog']),
    reorder: command(commandSchemas['reorder']),
  },
  review: {
    approve: command(commandSchemas['approve']),
    requestChanges: command(commandSchemas['request-changes']),
    askForReview: command(commandSchemas['ask-for-review']),
    withdraw: command(commandSchemas['withdraw-review']),
    takeBack: command(commandSchemas['take-back']),
  },
  stopAll: command(commandSchemas['stop-all']),
};

/** A client of the contract, in this process or across a carrier. */
export type MusterClient = ContractRouterClient<typeof contract>;
