import type { CommandSpec } from '../command-spec.js';
import { giveCommand } from '../give-command.js';

/** `muster dismiss`: a problem that a person has seen to, or can live with. */
export const dismissCommand: CommandSpec = {
  path: ['dismiss'],
  says: 'take a problem off the list; one that is still true comes back',
  arguments: [{ usage: '<problem-id>', says: 'the id in square brackets, as `muster status` shows it' }],
  hasJson: true,
  isPersons: true,
  gives: ['dismiss-problem'],
  run: (invocation) =>
    giveCommand(invocation, async (client, sender) => {
      const problemId = invocation.argument(0);
      const answer = await client.problems.dismiss({ problemId, ...sender });
      return { answer, says: `The problem ${problemId} is off the list.` };
    }),
};
