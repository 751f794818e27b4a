import { implement } from '@orpc/server';
import { contract } from '../../shared/contract/contract.js';
import { actionsView, operationView } from '../runtime/views-operations.js';
import { boardView, backlogView, currentSprint, listView, showView, sprintView, statusView } from '../runtime/views.js';
import { problemsView, receiptsView } from '../runtime/views-parts.js';
import { accepts, acceptsSprint } from './accept-command.js';
import type { ApiContext } from './api-context.js';
import { acceptTrust, showTrust } from './trust-handlers.js';
import { cardDiff, NotShown, receiptOutput, turnOutput, turnPrompt } from './work-handlers.js';

const os = implement(contract).$context<ApiContext>();

const viewerOf = (context: ApiContext, as?: string) => ({ actor: context.actorOf(as), now: context.clock.now() });

interface Errors {
  REFUSED(options: { readonly message: string; readonly data: { readonly id: NotShown['id']; readonly message: string } }): Error;
}

/** What cannot be shown is refused as everything else is. */
async function shown<T>(errors: Errors, look: Promise<T>): Promise<T> {
  try {
    return await look;
  } catch (error) {
    if (!(error instanceof NotShown)) throw error;
    throw errors.REFUSED({ message: error.message, data: { id: error.id, message: error.message } });
  }
}

/** Every method of the contract over one runtime. Carriers mount it; a context per call says who asks. */
export const router = os.router({
  board: os.board.handler(({ context }) => boardView(context.runtime.state())),
  status: os.status.handler(({ context }) => statusView(context.runtime, context.isRunning, context.clock.now())),
  list: os.list.handler(({ context }) => listView(context.runtime.state())),
  problems: {
    list: os.problems.list.handler(({ context }) => problemsView(context.runtime.state())),
    dismiss: os.problems.dismiss.handler(accepts('dismiss-problem')),
  },
  show: os.show.handler(({ input, context, errors }) => {
    const found = showView(input.id, context.runtime.state(), viewerOf(context, input.as));
    if (found) return found;
    const message = `There is no todo, request, backlog item or sprint ${input.id}. \`muster board\`, \`muster backlog\` and \`muster list\` name them.`;
    throw errors.REFUSED({ message, data: { id: 'unknown-id', message } });
  }),
  receipts: os.receipts.handler(({ input, context }) => receiptsView(context.runtime.state(), input.todoId)),
  receiptOutput: os.receiptOutput.handler(({ input, context, errors }) => shown(errors, receiptOutput(context.runtime, input))),
  live: os.live.handler(({ input, context, signal }) => context.live.read(input?.after, signal)),
  backlog: {
    list: os.backlog.list.handler(({ context }) => backlogView(context.runtime.state())),
    add: os.backlog.add.handler(accepts('add-backlog-item')),
    edit: os.backlog.edit.handler(accepts('edit-backlog-item')),
    rank: os.backlog.rank.handler(accepts('rank-backlog-item')),
    drop: os.backlog.drop.handler(accepts('drop-backlog-item')),
  },
  requests: {
    submit: os.requests.submit.handler(accepts('submit-request')),
    cancel: os.requests.cancel.handler(accepts('cancel-request')),
  },
  actions: {
    list: os.actions.list.handler(({ context }) => actionsView(context.runtime.state())),
    show: os.actions.show.handler(({ input, context, errors }) => {
      const operation = context.runtime.state().operations[input.operationId];
      if (operation) return operationView(operation);
      const message = `There is no run of an action ${input.operationId}. \`muster action list\` names them.`;
      throw errors.REFUSED({ message, data: { id: 'unknown-id', message } });
    }),
    run: os.actions.run.handler(accepts('execute-action')),
  },
  sprint: {
    status: os.sprint.status.handler(({ context }) => {
      const state = context.runtime.state();
      const sprint = currentSprint(state);
      return sprint && sprintView(sprint, state, viewerOf(context));
    }),
    start: os.sprint.start.handler(acceptsSprint),
    stop: os.sprint.stop.handler(accepts('stop-sprint')),
    resume: os.sprint.resume.handler(accepts('resume-sprint')),
  },
  todos: {
    startNext: os.todos.startNext.handler(accepts('start-next')),
    requeue: os.todos.requeue.handler(accepts('requeue')),
    retry: os.todos.retry.handler(accepts('retry')),
    answer: os.todos.answer.handler(accepts('answer')),
    cancel: os.todos.cancel.handler(accepts('cancel-todo')),
    backToBacklog: os.todos.backToBacklog.handler(accepts('back-to-backlog')),
    reorder: os.todos.reorder.handler(accepts('reorder')),
    assign: os.todos.assign.handler(accepts('assign-todo')),
  },
  cards: {
    move: os.cards.move.handler(accepts('move-card')),
    diff: os.cards.diff.handler(({ input, context, errors }) => shown(errors, cardDiff(context.runtime, input.todoId, input.revision))),
  },
  review: {
    approve: os.review.approve.handler(accepts('approve')),
    requestChanges: os.review.requestChanges.handler(accepts('request-changes')),
    askForReview: os.review.askForReview.handler(accepts('ask-for-review')),
    withdraw: os.review.withdraw.handler(accepts('withdraw-review')),
    revert: os.review.revert.handler(accepts('revert-todo')),
    takeBack: os.review.takeBack.handler(accepts('take-back')),
    override: os.review.override.handler(accepts('override-verification')),
  },
  turns: {
    output: os.turns.output.handler(({ input, context, errors }) => shown(errors, turnOutput(context.runtime, input))),
    prompt: os.turns.prompt.handler(({ input, context, errors }) => shown(errors, turnPrompt(context.runtime, input.turnId))),
  },
  trust: {
    show: os.trust.show.handler(({ context, errors }) => shown(errors, showTrust(context.runtime, context.clock))),
    accept: os.trust.accept.handler(({ input, context, errors }) => shown(errors, acceptTrust(context.runtime, context.clock, input.hash))),
  },
  cleanUp: os.cleanUp.handler(({ input, context }) => context.runtime.cleanUp(input.isDry)),
  stopAll: os.stopAll.handler(accepts('stop-all')),
});
