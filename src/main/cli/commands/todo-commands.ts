import { columns } from '../../../shared/domain/board.js';
import type { ColumnId } from '../../../shared/domain/board.js';
import { CliError } from '../cli-error.js';
import type { CommandSpec } from '../command-spec.js';
import { giveCommand } from '../give-command.js';
import type { Invocation } from '../invocation.js';
import { cardNamed, revisionOption } from './review-commands.js';

const todo = { usage: '<id>', says: 'the card: a todo id as `muster board` shows it' } as const;
const subject = { usage: '<id>', says: 'a todo or a request' } as const;
const base = { hasJson: true, isPersons: true } as const;

const words = (column: ColumnId): string => column.replaceAll('_', ' ').toUpperCase();
const columnWords = columns.map((column) => column.replaceAll('_', '-'));

function columnNamed(text: string): ColumnId {
  const wanted = text.toLowerCase().replaceAll(/[\s-]+/g, '_');
  const found = columns.find((column) => column === wanted);
  if (found) return found;
  throw new CliError(`There is no column "${text}". The columns are ${columnWords.join(', ')}.`, 2);
}

function place(invocation: Invocation): number {
  const text = invocation.argument(1);
  const order = Number(text);
  if (text !== '' && Number.isFinite(order)) return order;
  throw new CliError(`A place in the column is a number, not "${text}". Smaller ones come first.`, 2);
}

/** What people do with single todos, and with requests that ask something. */
export const todoCommands: readonly CommandSpec[] = [
  {
    ...base,
    path: ['retry'],
    says: 'try blocked, failed, uncommitted or paused work again',
    arguments: [subject],
    gives: ['retry'],
    run: (invocation) =>
      giveCommand(invocation, async (client, sender) => {
        const subjectId = invocation.argument(0);
        return { answer: await client.todos.retry({ subjectId, ...sender }), says: `${subjectId} is tried again.` };
      }),
  },
  {
    ...base,
    path: ['answer'],
    says: 'answer what a blocked todo or request asks',
    arguments: [subject, { usage: '<text...>', says: 'the answer' }],
    gives: ['answer'],
    run: (invocation) =>
      giveCommand(invocation, async (client, sender) => {
        const subjectId = invocation.argument(0);
        const answer = await client.todos.answer({ subjectId, text: invocation.argument(1), ...sender });
        return { answer, says: `${subjectId} has your answer and goes on.` };
      }),
  },
  {
    ...base,
    path: ['cancel'],
    says: 'cancel a todo, a request, or a revert that stands still',
    arguments: [subject],
    options: [{ usage: '--reason <text>', says: 'why' }],
    gives: ['cancel-todo', 'cancel-request'],
    run: (invocation) =>
      giveCommand(invocation, async (client, sender) => {
        const shown = await client.show({ id: invocation.argument(0) });
        if (shown.kind === 'request') {
          const { id } = shown.request;
          return { answer: await client.requests.cancel({ requestId: id, ...sender }), says: `Request ${id} is cancelled.` };
        }
        if (shown.kind !== 'todo')
          throw new CliError(
            `${invocation.argument(0)} is neither a todo nor a request. A backlog item is dropped with \`muster backlog drop\`.`,
          );
        const { id, title, revert } = shown.card;
        return {
          answer: await client.todos.cancel({ todoId: id, reason: invocation.text('reason'), ...sender }),
          says: revert === 'blocked' ? `The revert of ${id} "${title}" is given up; its commit stays.` : `${id} "${title}" is cancelled.`,
        };
      }),
  },
  {
    ...base,
    path: ['requeue'],
    says: 'stop a todo and queue it again; its checkpoint is kept',
    arguments: [todo],
    gives: ['requeue'],
    run: (invocation) =>
      giveCommand(invocation, async (client, sender) => {
        const todoId = invocation.argument(0);
        return {
          answer: await client.todos.requeue({ todoId, ...sender }),
          says: `${todoId} is queued again and waits until you start it.`,
        };
      }),
  },
  {
    ...base,
    path: ['start-next'],
    says: 'start a queued todo now',
    arguments: [todo],
    gives: ['start-next'],
    run: (invocation) =>
      giveCommand(invocation, async (client, sender) => {
        const todoId = invocation.argument(0);
        return { answer: await client.todos.startNext({ todoId, ...sender }), says: `${todoId} starts.` };
      }),
  },
  {
    ...base,
    path: ['back-to-backlog'],
    says: 'take a todo out of the sprint',
    arguments: [todo],
    gives: ['back-to-backlog'],
    run: (invocation) =>
      giveCommand(invocation, async (client, sender) => {
        const todoId = invocation.argument(0);
        return { answer: await client.todos.backToBacklog({ todoId, ...sender }), says: `${todoId} is back in the backlog.` };
      }),
  },
  {
    ...base,
    path: ['reorder'],
    says: 'move a card within its column',
    arguments: [todo, { usage: '<place>', says: 'a number; smaller ones come first' }],
    gives: ['reorder'],
    run: (invocation) => {
      const order = place(invocation);
      return giveCommand(invocation, async (client, sender) => {
        const todoId = invocation.argument(0);
        return { answer: await client.todos.reorder({ todoId, order, ...sender }), says: `${todoId} has the place ${order}.` };
      });
    },
  },
  {
    ...base,
    path: ['move'],
    says: 'move a card to another column, as the board does',
    arguments: [todo, { usage: '<column>', says: columnWords.join(', ') }],
    options: [
      { usage: '--comment <text>', says: 'what should change, where the move asks for it' },
      { usage: '--yes', says: 'yes to the question, where the move asks one' },
      revisionOption,
    ],
    gives: ['move-card'],
    run: (invocation) => {
      const to = columnNamed(invocation.argument(1));
      return giveCommand(invocation, async (client, sender) => {
        const { id, title, revision } = await cardNamed(client, invocation.argument(0));
        const move = { todoId: id, revision: invocation.number('revision') ?? revision, to, isConfirmed: invocation.has('yes') };
        const answer = await client.cards.move({ ...move, comment: invocation.text('comment'), ...sender });
        const now = await cardNamed(client, id);
        return { answer, says: `${id} "${title}" is in ${words(now.column)}.` };
      });
    },
  },
  {
    ...base,
    path: ['assign'],
    says: 'say which member of a role works on a card',
    arguments: [todo, { usage: '<member>', says: 'developer, developer-2, qa, …' }],
    gives: ['assign-todo'],
    run: (invocation) =>
      giveCommand(invocation, async (client, sender) => {
        const [todoId, member] = [invocation.argument(0), invocation.argument(1)];
        const answer = await client.todos.assign({ todoId, role: member.replace(/-\d+$/, ''), member, ...sender });
        return { answer, says: `${member} has ${todoId}.` };
      }),
  },
  {
    ...base,
    path: ['stop-all'],
    says: 'stop everything at once; nothing is lost, and nothing starts until you say so',
    gives: ['stop-all'],
    run: (invocation) =>
      giveCommand(invocation, async (client, sender) => ({
        answer: await client.stopAll(sender),
        says: 'Everything is stopped. `muster sprint resume` goes on.',
      })),
  },
];
