import type { CommandSpec } from '../command-spec.js';
import { giveCommand } from '../give-command.js';

/** `muster request "…"`: asks the team for something. */
export const requestCommand: CommandSpec = {
  path: ['request'],
  says: 'ask the team for something, in your own words',
  arguments: [{ usage: '<text...>', says: 'what you want' }],
  hasJson: true,
  isPersons: true,
  gives: ['submit-request'],
  run: (invocation) =>
    giveCommand(invocation, async (client, sender) => {
      const answer = await client.requests.submit({ text: invocation.argument(0), ...sender });
      const id = answer.createdIds[0] ?? '';
      return { answer, says: `Request ${id} is taken. \`muster show ${id}\` tells what becomes of it.` };
    }),
};
