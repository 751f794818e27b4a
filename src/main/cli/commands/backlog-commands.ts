import type { BacklogFields } from '../../../shared/domain/vocabulary.js';
import { CliError } from '../cli-error.js';
import type { CommandSpec, OptionSpec } from '../command-spec.js';
import { giveCommand } from '../give-command.js';
import type { Invocation } from '../invocation.js';
import { showBacklog } from '../screens/show-others.js';

const item = { usage: '<id>', says: 'a backlog item' } as const;
const kinds = ['bug', 'enhancement', 'feature', 'chore'] as const;

const fieldOptions: readonly OptionSpec[] = [
  { usage: '--summary <text>', says: 'what it is about' },
  { usage: '--kind <kind>', says: 'what kind of work it is', choices: kinds },
  { usage: '--scope <text>', says: 'the part of the project' },
  { usage: '--criterion <text>', says: 'what must be true of it; may be repeated', isRepeated: true },
  { usage: '--rank <number>', says: 'place in the order of work: 1 first, 0 none', atLeast: 0 },
  { usage: '--depends-on <item>', says: 'id or title of an item that comes first; may be repeated', isRepeated: true },
  { usage: '--milestone <title>', says: 'the milestone that it belongs to' },
];

function fieldsOf(invocation: Invocation): BacklogFields {
  const kind = kinds.find((each) => each === invocation.text('kind'));
  const rank = invocation.number('rank');
  const has = (name: string): boolean => invocation.options[name] !== undefined;
  return {
    ...(has('title') ? { title: invocation.text('title') } : {}),
    ...(has('summary') ? { summary: invocation.text('summary') } : {}),
    ...(kind === undefined ? {} : { kind }),
    ...(has('scope') ? { scope: invocation.text('scope') } : {}),
    ...(has('criterion') ? { acceptanceCriteria: [...invocation.list('criterion')] } : {}),
    ...(rank === undefined ? {} : { priorityRank: rank }),
    ...(has('dependsOn') ? { dependsOn: [...invocation.list('dependsOn')] } : {}),
    ...(has('milestone') ? { milestoneTitle: invocation.text('milestone') } : {}),
  };
}

// The contract's lists are the client's own to change.
const asInput = (fields: BacklogFields) => {
  const { acceptanceCriteria, dependsOn, ...rest } = fields;
  return {
    ...rest,
    ...(acceptanceCriteria ? { acceptanceCriteria: [...acceptanceCriteria] } : {}),
    ...(dependsOn ? { dependsOn: [...dependsOn] } : {}),
  };
};

const list = async (invocation: Invocation): Promise<number> => {
  const backlog = await invocation.read((client) => client.backlog.list());
  const { columns, isTerminal } = invocation.places.stdout;
  invocation.show(backlog, (safe) => showBacklog(safe, isTerminal ? columns : Number.POSITIVE_INFINITY));
  return 0;
};

/** The backlog: read it, add to it, change it. */
export const backlogCommands: readonly CommandSpec[] = [
  { path: ['backlog'], says: 'show the backlog in its order of work, or change it', hasJson: true, run: list },
  { path: ['backlog', 'list'], says: 'show the backlog in its order of work', hasJson: true, run: list },
  {
    path: ['backlog', 'add'],
    says: 'add a piece of work',
    arguments: [{ usage: '<title...>', says: 'its title' }],
    options: fieldOptions,
    hasJson: true,
    isPersons: true,
    gives: ['add-backlog-item'],
    run: (invocation) =>
      giveCommand(invocation, async (client, sender) => {
        const title = invocation.argument(0);
        const answer = await client.backlog.add({ fields: { ...asInput(fieldsOf(invocation)), title }, ...sender });
        return { answer, says: `Added ${answer.createdIds[0] ?? 'it'} "${title}" to the backlog.` };
      }),
  },
  {
    path: ['backlog', 'edit'],
    says: 'change what is written on an item',
    arguments: [item],
    options: [{ usage: '--title <text>', says: 'its title' }, ...fieldOptions],
    hasJson: true,
    isPersons: true,
    gives: ['edit-backlog-item'],
    run: (invocation) => {
      const fields = fieldsOf(invocation);
      if (Object.keys(fields).length === 0)
        throw new CliError('Nothing to change was given. `muster backlog edit --help` names the fields.', 2);
      return giveCommand(invocation, async (client, sender) => {
        const backlogId = invocation.argument(0);
        return { answer: await client.backlog.edit({ backlogId, fields: asInput(fields), ...sender }), says: `${backlogId} is changed.` };
      });
    },
  },
  {
    path: ['backlog', 'rank'],
    says: 'give an item its place in the order of work',
    arguments: [item, { usage: '<rank>', says: '1 first, 0 for no place' }],
    hasJson: true,
    isPersons: true,
    gives: ['rank-backlog-item'],
    run: (invocation) => {
      const rank = Number(invocation.argument(1));
      if (!/^\d+$/.test(invocation.argument(1)))
        throw new CliError(`A rank is a whole number from 0 upwards, not "${invocation.argument(1)}".`, 2);
      return giveCommand(invocation, async (client, sender) => {
        const backlogId = invocation.argument(0);
        return {
          answer: await client.backlog.rank({ backlogId, rank, ...sender }),
          says: `${backlogId} has ${rank === 0 ? 'no rank' : `the rank ${rank}`}.`,
        };
      });
    },
  },
  {
    path: ['backlog', 'drop'],
    says: 'drop an item; it stays in the history',
    arguments: [item],
    options: [{ usage: '--reason <text>', says: 'why' }],
    hasJson: true,
    isPersons: true,
    gives: ['drop-backlog-item'],
    run: (invocation) =>
      giveCommand(invocation, async (client, sender) => {
        const backlogId = invocation.argument(0);
        return {
          answer: await client.backlog.drop({ backlogId, reason: invocation.text('reason'), ...sender }),
          says: `${backlogId} is dropped.`,
        };
      }),
  },
];
