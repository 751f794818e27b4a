import type { CommandSpec } from '../command-spec.js';
import { giveCommand } from '../give-command.js';
import type { Invocation } from '../invocation.js';
import { showSprint } from '../screens/show-others.js';

const resume = (invocation: Invocation): Promise<number> =>
  giveCommand(invocation, async (client, sender) => {
    const answer = await client.sprint.resume(sender);
    const sprint = await client.sprint.status();
    const isStuck = sprint?.isActive === true && sprint.status === 'paused';
    return { answer, says: isStuck ? `Nothing goes on by itself. ${sprint.pausedReason}` : 'Work goes on.' };
  });

/** Shows the active sprint, else the latest; exit code 1 when there is none. */
export async function sprintStatus(invocation: Invocation): Promise<number> {
  const sprint = await invocation.read((client) => client.sprint.status());
  invocation.show(sprint, (safe) =>
    safe ? showSprint(safe, invocation.paint) : ['There is no sprint yet. `muster sprint start --milestone "…"` starts one.'],
  );
  return sprint ? 0 : 1;
}

/** Sprints: start, stop, go on, look. */
export const sprintCommands: readonly CommandSpec[] = [
  {
    path: ['sprint', 'start'],
    says: 'start a sprint with a milestone',
    options: [
      { usage: '--milestone <title>', says: 'what the sprint is for', isRequired: true },
      { usage: '--brief <text>', says: 'more about it' },
      { usage: '--requirement <text>', says: 'what must hold; may be repeated', isRepeated: true },
      { usage: '--source-request-id <id>', says: 'the request that it comes from' },
    ],
    hasJson: true,
    isPersons: true,
    gives: ['start-sprint'],
    run: (invocation) =>
      giveCommand(invocation, async (client, sender) => {
        const milestone = invocation.text('milestone');
        const answer = await client.sprint.start({
          milestone,
          brief: invocation.text('brief'),
          requirements: [...invocation.list('requirement')],
          sourceRequestId: invocation.text('sourceRequestId'),
          ...sender,
        });
        return { answer, says: `Sprint ${answer.createdIds[0] ?? ''} "${milestone}" is started.` };
      }),
  },
  {
    path: ['sprint', 'stop'],
    says: 'end the sprint after the work in hand',
    hasJson: true,
    isPersons: true,
    gives: ['stop-sprint'],
    run: (invocation) =>
      giveCommand(invocation, async (client, sender) => {
        const answer = await client.sprint.stop(sender);
        const [sprint, { halt }] = await Promise.all([client.sprint.status(), client.board()]);
        const ended =
          sprint?.isActive === true
            ? 'The sprint ends after the work in hand. `muster stop-all` stops at once.'
            : 'The sprint has ended; what is not done is carried over.';
        const still = halt ? ` Everything else is still stopped: ${halt.reason} \`muster sprint resume\` goes on.` : '';
        return { answer, says: `${ended}${still}` };
      }),
  },
  { path: ['sprint', 'status'], says: 'show the active sprint, else the latest', hasJson: true, run: sprintStatus },
  {
    path: ['sprint', 'resume'],
    says: 'go on with a paused sprint, or after everything was stopped',
    hasJson: true,
    isPersons: true,
    gives: ['resume-sprint'],
    run: resume,
  },
  {
    path: ['sprint', 'restart'],
    says: 'the same as `sprint resume`',
    hasJson: true,
    isPersons: true,
    gives: ['resume-sprint'],
    run: resume,
  },
];
