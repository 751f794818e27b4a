import type { z } from 'zod';
import type { MusterClient } from '../../shared/contract/contract.js';
import type { acceptedSchema } from '../../shared/contract/command-schemas.js';
import type { Invocation } from './invocation.js';
import { terminalText } from './terminal-text.js';

/** The answer to an accepted command. */
export type AcceptedAnswer = z.infer<typeof acceptedSchema>;

/** Who gives a command, and its id: a repeated call with the same id gets its first answer. */
export interface Sender {
  readonly as: string;
  readonly commandId: string;
}

/** Gives one command and says what came of it; with `--json` prints the answer. Where nothing runs, says when the work begins. */
export async function giveCommand(
  invocation: Invocation,
  give: (client: MusterClient, sender: Sender) => Promise<{ readonly answer: AcceptedAnswer; readonly says: string }>,
): Promise<number> {
  return invocation.write(async (client, { isLive, person }) => {
    const sender = { as: person, commandId: `cli-${invocation.places.ids.hex(24)}` };
    const { answer, says } = await give(client, sender);
    invocation.show({ ...answer, runsNow: isLive }, () => [
      terminalText(says),
      ...(isLive ? [] : ['Accepted; runs when Muster runs (`muster run`).']),
    ]);
    return 0;
  });
}
